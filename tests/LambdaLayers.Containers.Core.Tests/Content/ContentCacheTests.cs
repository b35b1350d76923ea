using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Content;

public sealed class ContentCacheTests
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("a layer's bytes");
    private static readonly Digest BytesDigest = Digest.Of(Bytes);

    private TempRoot _root = null!;
    private ContentCache _cache = null!;

    [SetUp]
    public void SetUp()
    {
        _root = new TempRoot();
        _cache = new ContentCache(new CachePaths(_root.Path));
    }

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public async Task What_was_committed_can_be_read_by_its_digest()
    {
        Put(Bytes);

        await using var stream = await _cache.TryOpenAsync(BytesDigest, CancellationToken.None);

        Assert.That(ReadAll(stream!), Is.EqualTo(Bytes));
    }

    [Test]
    public async Task What_is_not_there_is_null()
    {
        Assert.That(await _cache.TryOpenAsync(BytesDigest, CancellationToken.None), Is.Null);
        Assert.That(await _cache.ContainsAsync(BytesDigest, CancellationToken.None), Is.False);
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(15)]
    public async Task A_corrupt_or_short_blob_is_dropped_and_counts_as_missing(int length)
    {
        Put(Bytes);
        var path = _cache.Paths.Blob(BytesDigest);
        await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes("not what it was")[..length]);
        var other = new ContentCache(_cache.Paths);

        var stream = await other.TryOpenAsync(BytesDigest, CancellationToken.None);

        Assert.That(stream, Is.Null);
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public async Task A_blob_that_changes_after_it_was_verified_is_noticed()
    {
        Put(Bytes);
        Assert.That(await _cache.ContainsAsync(BytesDigest, CancellationToken.None), Is.True);
        var path = _cache.Paths.Blob(BytesDigest);
        await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes("A LAYER'S BYTES"));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(5));

        Assert.That(await _cache.ContainsAsync(BytesDigest, CancellationToken.None), Is.False);
    }

    [Test]
    public void A_temporary_file_that_is_not_committed_is_gone()
    {
        using (var file = _cache.CreateTemporary())
            file.Stream.Write(Bytes);

        Assert.That(Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void What_a_killed_build_left_half_written_is_swept_after_a_day_and_no_sooner()
    {
        var old = _root.Write("v1/tmp/old", "half");
        var fresh = _root.Write("v1/tmp/fresh", "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));

        _cache.SweepTemporaries(TimeProvider.System);

        Assert.That(File.Exists(old), Is.False);
        Assert.That(File.Exists(fresh), Is.True);
    }

    [Test]
    public void Committing_the_same_bytes_twice_is_no_error()
    {
        Put(Bytes);
        Put(Bytes);

        Assert.That(File.ReadAllBytes(_cache.Paths.Blob(BytesDigest)), Is.EqualTo(Bytes));
    }

    [Test]
    public async Task Many_writers_and_readers_at_once_see_whole_blobs_only()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (i, token) =>
        {
            var bytes = Encoding.UTF8.GetBytes($"blob {i % 5}");
            Put(bytes);
            await using var stream = await _cache.TryOpenAsync(Digest.Of(bytes), token);
            Assert.That(ReadAll(stream!), Is.EqualTo(bytes));
        });
    }

    [Test]
    public async Task A_mapping_is_remembered_and_a_broken_one_counts_as_unknown()
    {
        var packed = new PackedLayer(BytesDigest, BytesDigest, 15, new LayerFacts { Files = 3 });
        var type = PackingJson.Default.PackedLayer;

        await _cache.WriteMappingAsync("packed", BytesDigest, packed, type, CancellationToken.None);
        var read = await _cache.TryReadMappingAsync("packed", BytesDigest, type, CancellationToken.None);
        await File.WriteAllTextAsync(_cache.Paths.Mapping("packed", BytesDigest), "{ half");
        var broken = await _cache.TryReadMappingAsync("packed", BytesDigest, type, CancellationToken.None);

        Assert.That((read!.Digest, read.Size, read.Facts.Files), Is.EqualTo((BytesDigest, 15L, 3)));
        Assert.That(broken, Is.Null);
    }

    [Test]
    public void A_cache_folder_that_cannot_be_made_is_an_error_that_names_the_property()
    {
        var file = _root.Write("file", "");
        var cache = new ContentCache(new CachePaths(Path.Combine(file, "cache")));

        var error = Assert.Throws<LayersException>(() => cache.CreateTemporary())!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC5002"));
        Assert.That(error.Message, Does.Contain("LambdaLayersCacheDirectory"));
    }

    [Test]
    public void The_default_folder_follows_XDG_and_ignores_a_relative_one()
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            Assert.Ignore("XDG is for Linux.");

        Assert.That(Default("HOME=/home/me"), Is.EqualTo("/home/me/.cache/lambda-layers"));
        Assert.That(Default("HOME=/home/me", "XDG_CACHE_HOME=/big"), Is.EqualTo("/big/lambda-layers"));
        Assert.That(Default("HOME=/home/me", "XDG_CACHE_HOME=big"), Is.EqualTo("/home/me/.cache/lambda-layers"));
    }

    private static string Default(params string[] variables) =>
        CachePaths.DefaultRoot(name => variables.FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]);

    private void Put(byte[] bytes)
    {
        using var file = _cache.CreateTemporary();
        file.Stream.Write(bytes);
        _cache.Commit(file, Digest.Of(bytes));
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
