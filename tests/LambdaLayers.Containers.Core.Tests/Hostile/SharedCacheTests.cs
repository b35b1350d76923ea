using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Layers;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Hostile;

/// <summary>Caches where others are, in time and in place.</summary>
public sealed class SharedCacheTests
{
    // Where a Linux system has files in memory, a device of its own.
    private const string OtherDevice = "/dev/shm";

    private TempRoot _root = null!;
    private string _zip = null!;

    [SetUp]
    public void SetUp()
    {
        _root = new TempRoot();
        var noise = new byte[1_000_000];
        new Random(1).NextBytes(noise);
        _zip = new ZipBuilder().File("data/noise", noise).Write(_root, "layer.zip");
    }

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public async Task A_hundred_builds_at_once_fetch_a_layer_once_and_all_have_it()
    {
        using var served = new ServedZip(_zip);
        var cache = _root.Folder("cache");

        var digests = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => Task.Run(() => RestoreAsync(served.Url, cache, $"{n}"))));

        Assert.That(digests.Distinct().Count(), Is.EqualTo(1));
        Assert.That(served.Requests, Is.EqualTo(1));
        await AssertWholeAsync(cache, digests[0]);
    }

    [Test]
    [Platform("Linux")]
    public async Task A_cache_on_another_device_than_project_and_temporary_files_is_as_good()
    {
        Assume.That(OtherDevice, Does.Exist);
        using var served = new ServedZip(_zip);
        var cache = Path.Combine(OtherDevice, $"llc-{Guid.NewGuid():n}");
        try
        {
            var made = await RestoreAsync(served.Url, cache, "first");
            var kept = await RestoreAsync(served.Url, cache, "second");

            Assert.That(kept, Is.EqualTo(made));
            Assert.That(served.Requests, Is.EqualTo(1));
            await AssertWholeAsync(cache, made);
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private async Task<Digest> RestoreAsync(string url, string cache, string build)
    {
        var options = new EngineOptions(cache, _ => null) { LockFile = _root.File(build, "lambda-layers.lock.json") };
        using var engine = new Engine(options, new RecordingLog());
        var sha256 = Digest.Of(await File.ReadAllBytesAsync(_zip)).Hex;
        var item = LayerItemParser.Parse(new ItemOrigin(url), _root.Path, name => name == "Sha256" ? sha256 : "");
        var restored = await engine.RestoreAsync([item], [Platform.LinuxAmd64], RestoreMode.Restore, CancellationToken.None);
        return restored.Layers.Single().Layer.Digest;
    }

    private static async Task AssertWholeAsync(string cache, Digest layer)
    {
        var blobs = Directory.GetFiles(Path.Combine(cache, "v1", "blobs", "sha256"));
        Assert.That(blobs.Select(Path.GetFileName), Does.Contain(layer.Hex));
        foreach (var blob in blobs)
        {
            await using var file = File.OpenRead(blob);
            Assert.That((await Digest.OfAsync(file, default)).Hex, Is.EqualTo(Path.GetFileName(blob)));
        }

        Assert.That(Directory.GetFiles(Path.Combine(cache, "v1"), "*.tmp", SearchOption.AllDirectories), Is.Empty);
    }
}
