using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Tests.Layers;
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

        var digests = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => Task.Run(() => served.RestoreAsync(cache, LockFile(n)))));

        Assert.That(digests.Distinct().Count(), Is.EqualTo(1));
        Assert.That(served.Requests, Is.EqualTo(1));
        AssertWhole(cache, digests[0]);
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
            var made = await served.RestoreAsync(cache, LockFile(1));
            var kept = await served.RestoreAsync(cache, LockFile(2));

            Assert.That(kept, Is.EqualTo(made));
            Assert.That(served.Requests, Is.EqualTo(1));
            AssertWhole(cache, made);
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private string LockFile(int build) => _root.File($"{build}", "lambda-layers.lock.json");

    private static void AssertWhole(string cache, Digest layer)
    {
        Assert.That(Path.Combine(cache, "v1", "blobs", "sha256", layer.Hex), Does.Exist);
        Assert.That(Leavings.In(cache), Is.Empty);
    }
}
