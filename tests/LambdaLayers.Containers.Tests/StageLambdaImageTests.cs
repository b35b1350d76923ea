using System.Net.Sockets;
using System.Text.Json;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.Tests.Support;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers.Tests;

/// <summary>Staging in this process, on an empty base image.</summary>
public sealed class StageLambdaImageTests
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
    public async Task The_staged_base_has_the_layers_of_the_items()
    {
        using var task = Stage("layers/tools/");

        Assert.That(task.Execute(), Is.True, Problems);

        var manifest = await GetAsync(task, $"manifests/{task.StagedTag}");
        var layer = manifest.GetProperty("layers").EnumerateArray().Single();
        var blob = await _client.GetByteArrayAsync(Address(task, $"blobs/{layer.GetProperty("digest").GetString()}"));
        Assert.Multiple(() =>
        {
            Assert.That(task.StagedRepository, Is.EqualTo("scratch"));
            Assert.That(task.StagingRegistry, Does.Match(@"^localhost:\d+$"));
            Assert.That(task.StagedTag, Does.StartWith("llc-").And.Length.GreaterThan(20), "unguessable");
            Assert.That(Digest.Of(blob).ToString(), Is.EqualTo(layer.GetProperty("digest").GetString()));
            Assert.That(blob, Has.Length.EqualTo(layer.GetProperty("size").GetInt32()));
        });
    }

    [Test]
    public async Task The_same_items_give_the_same_base_under_another_tag()
    {
        using var first = Stage("layers/tools/");
        using var second = Stage("layers/tools/");

        Assert.That(first.Execute() && second.Execute(), Is.True, Problems);

        Assert.That(
            (await GetAsync(second, $"manifests/{second.StagedTag}")).GetRawText(),
            Is.EqualTo((await GetAsync(first, $"manifests/{first.StagedTag}")).GetRawText()));
        Assert.That(second.StagedTag, Is.Not.EqualTo(first.StagedTag));
        Assert.That(second.StagingRegistry, Is.Not.EqualTo(first.StagingRegistry));
    }

    [Test]
    public async Task Several_runtime_identifiers_give_an_index_with_each_layer_for_each_platform_that_takes_it()
    {
        using var task = Stage("layers/tools/");
        task.RuntimeIdentifiers = ["linux-x64", "linux-arm64"];
        _root.Write("project/layers/arm/x", "x");
        var single = new TaskItem("layers/arm/");
        single.SetMetadata("Architecture", "arm64");
        task.Layers = [.. task.Layers, single];

        Assert.That(task.Execute(), Is.True, Problems);

        var index = await GetAsync(task, $"manifests/{task.StagedTag}");
        var counts = new List<string>();
        foreach (var entry in index.GetProperty("manifests").EnumerateArray())
        {
            var manifest = await GetAsync(task, $"manifests/{entry.GetProperty("digest").GetString()}");
            var architecture = entry.GetProperty("platform").GetProperty("architecture").GetString();
            counts.Add($"{architecture} {manifest.GetProperty("layers").GetArrayLength()}");
        }

        Assert.That(counts, Is.EqualTo(new[] { "amd64 1", "arm64 2" }));
    }

    [TestCase("OCI", "application/vnd.oci.image.manifest.v1+json")]
    [TestCase("Docker", "application/vnd.docker.distribution.manifest.v2+json")]
    [TestCase("", "application/vnd.docker.distribution.manifest.v2+json")]
    public async Task The_image_is_in_the_format_that_the_project_asks_for(string format, string mediaType)
    {
        using var task = Stage("layers/tools/");
        task.ImageFormat = format;

        Assert.That(task.Execute(), Is.True, Problems);

        var manifest = await GetAsync(task, $"manifests/{task.StagedTag}");
        Assert.That(manifest.GetProperty("mediaType").GetString(), Is.EqualTo(mediaType));
    }

    [Test]
    public void Publishing_ends_this_staging_only_and_what_the_SDK_did_not_finish_is_an_error()
    {
        using var one = Stage("layers/tools/");
        using var other = Stage("layers/tools/");
        Assert.That(one.Execute() && other.Execute(), Is.True, Problems);
        using var publish = Publish(one.StagedTag);

        Assert.That(publish.Execute(), Is.False);

        Assert.That(_engine.Errors.Select(error => error.Code), Is.EqualTo(new[] { "LLC4005" }));
        Assert.That(async () => await GetAsync(one, $"manifests/{one.StagedTag}"), Throws.InnerException.TypeOf<SocketException>());
        Assert.That(async () => await GetAsync(other, $"manifests/{other.StagedTag}"), Throws.Nothing);
    }

    [Test]
    public void What_was_not_staged_here_cannot_be_published()
    {
        using var publish = Publish("llc-elsewhere");

        Assert.That(publish.Execute(), Is.False);

        Assert.That(_engine.Errors.Select(error => error.Code), Is.EqualTo(new[] { "LLC4008" }));
    }

    [Test]
    public void The_end_of_the_build_stops_what_nobody_stopped()
    {
        using var task = Stage("layers/tools/");
        task.Execute();

        _engine.Dispose();

        Assert.That(async () => await GetAsync(task, $"manifests/{task.StagedTag}"), Throws.InnerException.TypeOf<SocketException>());
    }

    [Test]
    public void A_running_image_keeps_a_proxy_away_from_its_own_port_until_it_stops()
    {
        var before = HttpClient.DefaultProxy;
        using var task = Stage("layers/tools/");
        task.Execute();
        var address = new Uri($"http://{task.StagingRegistry}/v2/");

        var bypassed = HttpClient.DefaultProxy.IsBypassed(address);
        _engine.Dispose();

        Assert.That(bypassed, Is.True);
        Assert.That(HttpClient.DefaultProxy, Is.SameAs(before));
    }

    [TestCase("0")]
    [TestCase("10")]
    [TestCase("fast")]
    public void A_compression_that_is_no_level_is_an_error(string compression)
    {
        using var task = Stage("layers/tools/");
        task.Settings = [.. task.Settings, Setting("LambdaLayersCompression", compression)];

        AssertFails(task, "LLC2101");
    }

    [TestCase("linux-mips64", "LLC4004")]
    [TestCase("nonsense", "LLC4004")]
    public void A_runtime_identifier_that_no_image_has_is_an_error(string rid, string code)
    {
        using var task = Stage("layers/tools/");
        task.RuntimeIdentifiers = [rid];

        AssertFails(task, code);
    }

    [Test]
    public void An_item_that_cannot_be_a_layer_is_an_error_and_nothing_is_served()
    {
        using var task = Stage("layers/tools/");
        task.Layers = [.. task.Layers, new TaskItem("no such thing")];

        AssertFails(task, "LLC2001");
        Assert.That(_engine.Errors.Single().Message, Does.StartWith("LambdaLayer 'no such thing': "));
    }

    [Test]
    public async Task A_layer_that_cannot_be_made_does_not_wait_for_the_base_image()
    {
        await using var silent = await LoopbackServer.StartAsync(
            context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        _root.Write("project/layer.zip", "no zip at all");
        using var task = Stage("layer.zip");
        (task.BaseImage, task.BaseRegistry, task.BaseName) = ($"localhost:{silent.Port}/base:1", $"localhost:{silent.Port}", "base");

        AssertFails(task, "LLC3004");
    }

    [Test]
    public void A_relative_cache_folder_lies_below_the_project()
    {
        using var task = Stage("layers/tools/");
        task.Settings = [.. task.Settings, Setting("LambdaLayersCacheDirectory", "obj/layers")];

        Assert.That(task.Execute(), Is.True, Problems);

        Assert.That(Directory.EnumerateFiles(_root.File("project", "obj", "layers"), "*", SearchOption.AllDirectories), Is.Not.Empty);
    }

    private string Problems() => string.Join('\n', _engine.Errors.Select(error => error.Message));

    private void AssertFails(StageLambdaImage task, string code)
    {
        Assert.That(task.Execute(), Is.False);
        Assert.That(_engine.Errors.Select(error => error.Code), Is.EqualTo(new[] { code }));
        Assert.That(_engine.RegisteredObjects, Is.Zero);
        Assert.That(task.StagedTag, Is.Empty);
    }

    private StageLambdaImage Stage(string include) => new()
    {
        BuildEngine = _engine,
        BaseImage = "scratch",
        BaseRegistry = "localhost",
        BaseName = "scratch",
        BaseTag = "latest",
        RuntimeIdentifiers = ["linux-x64"],
        Settings =
        [
            Setting("MSBuildProjectDirectory", _root.Folder("project")),
            Setting("LambdaLayersCacheDirectory", _root.Folder("cache")),
        ],
        Layers = [new TaskItem(include)],
    };

    private PublishLambdaImage Publish(string tag) => new()
    {
        BuildEngine = _engine,
        Settings = [Setting("MSBuildProjectDirectory", _root.Folder("project"))],
        StagedTag = tag,
        Repository = "fn",
        Tags = ["1"],
    };

    private static TaskItem Setting(string name, string value)
    {
        var item = new TaskItem(name);
        item.SetMetadata("Value", value);
        return item;
    }

    private static Uri Address(StageLambdaImage task, string path) =>
        new($"http://{task.StagingRegistry}/v2/{task.StagedRepository}/{path}");

    private async Task<JsonElement> GetAsync(StageLambdaImage task, string path)
    {
        using var document = JsonDocument.Parse(await _client.GetByteArrayAsync(Address(task, path)));
        return document.RootElement.Clone();
    }
}
