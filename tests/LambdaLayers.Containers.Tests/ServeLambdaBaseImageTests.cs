using System.Net.Sockets;
using System.Text.Json;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.Tests.Support;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers.Tests;

/// <summary>The hand-off's tasks in this process, on an empty base image.</summary>
public sealed class ServeLambdaBaseImageTests
{
    private TempRoot _root = null!;

    private MockEngine _engine = null!;

    private HttpClient _client = null!;

    [SetUp]
    public void SetUp()
    {
        _root = new TempRoot();
        _root.Write("project/layers/tools/bin/run", "#!/bin/sh\n");
        _engine = new MockEngine();
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
    }

    [TearDown]
    public void TearDown()
    {
        _client.Dispose();
        _engine.Dispose();
        _root.Dispose();
    }

    [Test]
    public async Task The_served_image_has_the_layers_that_the_outputs_describe()
    {
        using var task = Serve("layers/tools/");

        Assert.That(task.Execute(), Is.True, Problems);

        var manifest = await GetAsync(task, $"manifests/{task.ServedTag}");
        var layer = task.PreparedLayers.Single();
        var blob = await _client.GetByteArrayAsync(Address(task, $"blobs/{layer.GetMetadata("Digest")}"));
        Assert.Multiple(() =>
        {
            Assert.That(task.ServedRepository, Is.EqualTo("scratch"));
            Assert.That(task.ServedRegistry, Does.Match(@"^localhost:\d+$"));
            Assert.That(task.ServedTag, Does.StartWith("llc-").And.Length.GreaterThan(20), "unguessable");
            Assert.That(task.ResolvedBaseDigest, Is.Empty, "scratch is nowhere");
            Assert.That(
                manifest.GetProperty("layers").EnumerateArray().Single().GetProperty("digest").GetString(),
                Is.EqualTo(layer.GetMetadata("Digest")));
            Assert.That(Digest.Of(blob).ToString(), Is.EqualTo(layer.GetMetadata("Digest")));
            Assert.That(blob, Has.Length.EqualTo(int.Parse(layer.GetMetadata("Size"))));
            Assert.That(layer.ItemSpec, Is.EqualTo("layers/tools/"));
            Assert.That(layer.GetMetadata("Platform"), Is.EqualTo("linux/amd64"));
            Assert.That(layer.GetMetadata("TargetPath"), Is.EqualTo("/opt"));
            Assert.That(layer.GetMetadata("Files"), Is.EqualTo("1"));
            Assert.That(layer.GetMetadata("UncompressedSize"), Is.EqualTo("10"));
            Assert.That(layer.GetMetadata("Cached"), Is.EqualTo("false"));
        });
    }

    [Test]
    public void The_same_layer_comes_from_the_cache_the_second_time()
    {
        using var first = Serve("layers/tools/");
        using var second = Serve("layers/tools/");

        first.Execute();
        second.Execute();

        Assert.That(second.PreparedLayers.Single().GetMetadata("Cached"), Is.EqualTo("true"));
        Assert.That(
            second.PreparedLayers.Single().GetMetadata("Digest"), Is.EqualTo(first.PreparedLayers.Single().GetMetadata("Digest")));
        Assert.That(second.ServedTag, Is.Not.EqualTo(first.ServedTag));
        Assert.That(second.ServedRegistry, Is.Not.EqualTo(first.ServedRegistry));
    }

    [Test]
    public void Several_runtime_identifiers_give_each_layer_once_for_each_platform_that_takes_it()
    {
        using var task = Serve("layers/tools/");
        task.RuntimeIdentifiers = ["linux-x64", "linux-arm64"];
        var single = new TaskItem("layers/tools");
        single.SetMetadata("Architecture", "arm64");
        task.Layers = [.. task.Layers, single];

        Assert.That(task.Execute(), Is.True, Problems);

        Assert.That(
            task.PreparedLayers.Select(layer => $"{layer.GetMetadata("Platform")} {layer.ItemSpec}"),
            Is.EqualTo(new[] { "linux/amd64 layers/tools/", "linux/arm64 layers/tools/", "linux/arm64 layers/tools" }));
    }

    [TestCase("OCI", "application/vnd.oci.image.manifest.v1+json")]
    [TestCase("Docker", "application/vnd.docker.distribution.manifest.v2+json")]
    [TestCase("", "application/vnd.docker.distribution.manifest.v2+json")]
    public async Task The_image_is_in_the_format_that_the_project_asks_for(string format, string mediaType)
    {
        using var task = Serve("layers/tools/");
        task.ImageFormat = format;

        Assert.That(task.Execute(), Is.True, Problems);

        var manifest = await GetAsync(task, $"manifests/{task.ServedTag}");
        Assert.That(manifest.GetProperty("mediaType").GetString(), Is.EqualTo(mediaType));
    }

    [Test]
    public void Stopping_ends_this_image_only_and_twice_is_fine()
    {
        using var one = Serve("layers/tools/");
        using var other = Serve("layers/tools/");
        one.Execute();
        other.Execute();
        using var stop = new StopLambdaBaseImage { BuildEngine = _engine, ServedTag = one.ServedTag };
        using var again = new StopLambdaBaseImage { BuildEngine = _engine, ServedTag = one.ServedTag };

        Assert.That(stop.Execute() && again.Execute(), Is.True);

        Assert.That(async () => await GetAsync(one, $"manifests/{one.ServedTag}"), Throws.InnerException.TypeOf<SocketException>());
        Assert.That(async () => await GetAsync(other, $"manifests/{other.ServedTag}"), Throws.Nothing);
    }

    [Test]
    public void The_end_of_the_build_stops_what_nobody_stopped()
    {
        using var task = Serve("layers/tools/");
        task.Execute();

        _engine.Dispose();

        Assert.That(async () => await GetAsync(task, $"manifests/{task.ServedTag}"), Throws.InnerException.TypeOf<SocketException>());
    }

    [Test]
    public void A_running_image_keeps_a_proxy_away_from_its_own_port_until_it_stops()
    {
        var before = HttpClient.DefaultProxy;
        using var task = Serve("layers/tools/");
        task.Execute();
        var address = new Uri($"http://{task.ServedRegistry}/v2/");

        var bypassed = HttpClient.DefaultProxy.IsBypassed(address);
        _engine.Dispose();

        Assert.That(bypassed, Is.True);
        Assert.That(HttpClient.DefaultProxy, Is.SameAs(before));
    }

    [TestCase("0")]
    [TestCase("10")]
    [TestCase("fast")]
    [TestCase(" 5")]
    public void A_compression_that_is_no_level_is_an_error(string compression)
    {
        using var task = Serve("layers/tools/");
        task.Compression = compression;

        AssertFails(task, "LLC2101");
    }

    [TestCase("linux-mips64", "LLC4004")]
    [TestCase("nonsense", "LLC4004")]
    public void A_runtime_identifier_that_no_image_has_is_an_error(string rid, string code)
    {
        using var task = Serve("layers/tools/");
        task.RuntimeIdentifiers = [rid];

        AssertFails(task, code);
    }

    [Test]
    public void An_item_that_cannot_be_a_layer_is_an_error_and_nothing_is_served()
    {
        using var task = Serve("layers/tools/");
        task.Layers = [.. task.Layers, new TaskItem("no such thing")];

        AssertFails(task, "LLC2001");
        Assert.That(_engine.Errors.Single().Message, Does.StartWith("LambdaLayer 'no such thing': "));
    }

    [Test]
    public void A_relative_cache_folder_lies_below_the_project()
    {
        using var task = Serve("layers/tools/");
        task.CacheDirectory = "obj/layers";

        Assert.That(task.Execute(), Is.True, Problems);

        Assert.That(Directory.EnumerateFiles(_root.File("project", "obj", "layers"), "*", SearchOption.AllDirectories), Is.Not.Empty);
    }

    private string Problems() => string.Join('\n', _engine.Errors.Select(error => error.Message));

    private void AssertFails(ServeLambdaBaseImage task, string code)
    {
        Assert.That(task.Execute(), Is.False);
        Assert.That(_engine.Errors.Select(error => error.Code), Is.EqualTo(new[] { code }));
        Assert.That(_engine.RegisteredObjects, Is.Zero);
        Assert.That(task.ServedTag, Is.Empty);
    }

    private ServeLambdaBaseImage Serve(string include) => new()
    {
        BuildEngine = _engine,
        ProjectDirectory = _root.Folder("project"),
        BaseImage = "scratch",
        BaseRegistry = "localhost",
        BaseName = "scratch",
        BaseTag = "latest",
        RuntimeIdentifiers = ["linux-x64"],
        CacheDirectory = _root.Folder("cache"),
        Layers = [new TaskItem(include)],
    };

    private static Uri Address(ServeLambdaBaseImage task, string path) =>
        new($"http://{task.ServedRegistry}/v2/{task.ServedRepository}/{path}");

    private async Task<JsonElement> GetAsync(ServeLambdaBaseImage task, string path)
    {
        using var document = JsonDocument.Parse(await _client.GetByteArrayAsync(Address(task, path)));
        return document.RootElement.Clone();
    }
}
