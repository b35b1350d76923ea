using System.Formats.Tar;
using System.IO.Compression;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Layers.FromImages;

/// <summary>Layers out of images, through the whole engine, against a registry in memory.</summary>
public sealed class ImageLayerSourceTests
{
    private readonly RecordingLog _log = new();
    private EmbeddedRegistry _registry = null!;
    private TempRoot _root = null!;
    private TestImage _image = null!;

    private string LockPath => _root.File("lambda-layers.lock.json");

    private string Include => $"{_registry.Host}/team/tools:1";

    [SetUp]
    public async Task Start()
    {
        _root = new TempRoot();
        _registry = await EmbeddedRegistry.StartAsync();
        _image = Push("one", "two");
    }

    [TearDown]
    public async Task Stop()
    {
        await _registry.DisposeAsync();
        _root.Dispose();
    }

    [Test]
    public async Task An_image_that_follows_the_rules_becomes_its_own_layers()
    {
        var layers = await PrepareAsync(Item());

        Assert.That(layers.Select(l => l.Digest), Is.EqualTo(_image.Manifest.Layers.Select(l => l.Digest)));
        Assert.That(layers.Select(l => l.DiffId), Is.EqualTo(_image.Config.DiffIds));
        Assert.That(layers.Select(l => l.Origin.Resolved), Is.All.EqualTo($"{Include}@{_image.Manifest.Digest}"));
        for (var i = 0; i < layers.Count; i++)
        {
            Assert.That(await ReadAsync(layers[i]), Is.EqualTo(_image.Layers[i]));
        }
    }

    [Test]
    public async Task For_another_target_it_is_packed_into_one_layer()
    {
        var layer = (await PrepareAsync(Item() with { TargetPath = "/opt/tools" })).Single();

        Assert.That(Names(await ReadAsync(layer)), Is.EqualTo(["opt/", "opt/tools/", "opt/tools/0.txt", "opt/tools/1.txt"]));
        Assert.That(_image.Manifest.Layers.Select(l => l.Digest), Has.No.Member(layer.Digest));
    }

    [Test]
    public async Task Blobs_are_fetched_once_for_all_items()
    {
        await PrepareAsync(Item(), Item() with { TargetPath = "/opt/a" }, Item() with { TargetPath = "/opt/b" });

        var blobs = _registry.Requests.Where(r => r.Target.Contains("/blobs/", StringComparison.Ordinal)).Select(r => r.Target).ToList();
        Assert.That(blobs, Is.Unique);
        Assert.That(_registry.Requests.Count(r => r.Target.EndsWith("/manifests/1", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task With_lock_file_and_cache_the_registry_is_not_asked()
    {
        var items = new[] { Item(), Item() with { TargetPath = "/opt/a" } };
        var first = await PrepareAsync(items);
        var before = _registry.Requests.Count;

        var second = await PrepareAsync(items);

        Assert.That(_registry.Requests, Has.Count.EqualTo(before));
        Assert.That(second.Select(l => l.Digest), Is.EqualTo(first.Select(l => l.Digest)));
        Assert.That(second.Select(l => l.Origin.FromCache), Is.All.True);
    }

    [Test]
    public async Task With_the_lock_file_alone_layers_are_described_and_fetched_when_they_are_opened()
    {
        Push("single");
        var items = new[] { Item(), Item() with { TargetPath = "/opt/a" } };
        var first = await PrepareAsync(items);
        Directory.Delete(_root.Folder("cache"), recursive: true);
        var before = _registry.Requests.Count;

        using var engine = Engine();
        var second = await engine.DescribeAsync(items, Platform.LinuxAmd64, default);

        Assert.That(_registry.Requests, Has.Count.EqualTo(before));
        Assert.That(second.Select(l => l.IsLazy), Is.All.True);
        Assert.That(second.Select(l => l.Digest), Is.EqualTo(first.Select(l => l.Digest)));
        Assert.That(Names(await ReadAsync(second[0])), Is.EqualTo(["opt/", "opt/0.txt"]));
        Assert.That(Names(await ReadAsync(second[1])), Is.EqualTo(["opt/", "opt/a/", "opt/a/0.txt"]));
    }

    [Test]
    public async Task A_tag_stays_where_it_was_until_it_is_looked_up_anew()
    {
        var first = await PrepareAsync(Item());
        Push("moved");

        var second = await PrepareAsync(Item());
        using var engine = Engine();
        var third = (await engine.RestoreAsync([Item()], [Platform.LinuxAmd64], RestoreMode.Update, default)).Layers;

        Assert.That(second.Select(l => l.Digest), Is.EqualTo(first.Select(l => l.Digest)));
        Assert.That(third, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_base_image_is_pinned_when_that_is_wanted_and_moves_when_it_is_looked_up_anew()
    {
        var first = (await BaseAsync(true)).PinnedDigest;
        var moved = Push("moved").Manifest.Digest;

        var locked = (await BaseAsync(true)).PinnedDigest;
        using (var engine = Engine())
        {
            await engine.RestoreAsync([], [Platform.LinuxAmd64], RestoreMode.Update, default);
        }

        var refreshed = (await BaseAsync(true)).PinnedDigest;

        Assert.That(locked, Is.EqualTo(first));
        Assert.That(refreshed, Is.EqualTo(moved));
    }

    [Test]
    public async Task The_base_image_follows_its_tag_otherwise()
    {
        await BaseAsync(false);
        var moved = Push("moved").Manifest.Digest;

        Assert.That((await BaseAsync(false)).PinnedDigest, Is.EqualTo(moved));
        Assert.That(File.Exists(LockPath), Is.False);
    }

    [Test]
    public async Task Failures_name_the_item()
    {
        var nothing = await FailureAsync(Item() with { SourcePath = "/none" });
        var other = await FailureAsync(Item(), Platform.LinuxArm64);
        var wrong = await FailureAsync(new LayerItem(new ItemOrigin("No Image"), LayerKind.Image) { ProjectDirectory = _root.Path });

        Assert.That((nothing.Code, nothing.Item?.Include), Is.EqualTo(("LLC3200", Include)));
        Assert.That((other.Code, other.Item?.Include), Is.EqualTo(("LLC1007", Include)));
        Assert.That(other.Message, Does.Contain("linux/amd64"));
        Assert.That((wrong.Code, wrong.Item?.Include), Is.EqualTo(("LLC3206", "No Image")));
    }

    [Test]
    public async Task Temporary_files_are_gone_afterwards()
    {
        await PrepareAsync(Item() with { TargetPath = "/opt/tools" });
        await FailureAsync(Item() with { SourcePath = "/none" });

        Assert.That(Directory.GetFiles(Path.Combine(_root.Path, "cache"), "*", SearchOption.AllDirectories).Where(f =>
            f.Contains("tmp", StringComparison.Ordinal)
            && Path.GetDirectoryName(f)!.EndsWith("tmp", StringComparison.Ordinal)), Is.Empty);
    }

    private LayerItem Item() => new(new ItemOrigin(Include), LayerKind.Image) { ProjectDirectory = _root.Path };

    private TestImage Push(params string[] texts)
    {
        var image = TestImage.Create(ManifestFamily.Oci, Platform.LinuxAmd64, texts);
        image.AddTo(_registry, "team/tools", "1");
        return image;
    }

    private Engine Engine() => new(
        new EngineOptions(Path.Combine(_root.Path, "cache"), name => name is "HOME" ? _root.Path : null) { LockFile = LockPath }, _log);

    private async Task<IReadOnlyList<Layer>> PrepareAsync(params LayerItem[] items)
    {
        using var engine = Engine();
        var restored = await engine.RestoreAsync(items, [Platform.LinuxAmd64], RestoreMode.Restore, default);
        return [.. restored.Layers.Select(l => l.Layer)];
    }

    private async Task<Image> BaseAsync(bool isLocked)
    {
        using var engine = Engine();
        using var staged = await engine.StageBaseAsync(
            new VirtualBaseRequest(ImageReference.Parse(Include), [Platform.LinuxAmd64], []) { LockBase = isLocked }, default);
        return staged.Base.Images[0];
    }

    private async Task<Diagnostic> FailureAsync(LayerItem item, Platform? platform = null)
    {
        using var engine = Engine();
        var error = await Assert.CatchAsync<LayersException>(
            () => engine.DescribeAsync([item], platform ?? Platform.LinuxAmd64, default));
        return error!.Diagnostic;
    }

    private static async Task<byte[]> ReadAsync(Layer layer)
    {
        await using var stream = await layer.OpenCompressedAsync(default);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static List<string> Names(byte[] blob)
    {
        using var reader = new TarReader(new GZipStream(new MemoryStream(blob), CompressionMode.Decompress));
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        return names;
    }
}
