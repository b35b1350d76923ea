using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Tests.Support;
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
    public async Task What_one_cache_of_a_build_has_written_or_read_no_other_hashes_again()
    {
        var shared = new VerifiedBlobs();
        _cache = new ContentCache(_cache.Paths, shared);
        Put(Bytes);
        var path = _cache.Paths.Blob(BytesDigest);
        var written = File.GetLastWriteTimeUtc(path);
        // Only who reads the bytes would notice.
        await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes("A LAYER'S BYTES"));
        File.SetLastWriteTimeUtc(path, written);

        var known = await new ContentCache(_cache.Paths, shared).ContainsAsync(BytesDigest, CancellationToken.None);
        var unknown = await new ContentCache(_cache.Paths).ContainsAsync(BytesDigest, CancellationToken.None);

        Assert.That((known, unknown), Is.EqualTo((true, false)));
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

    [TestCase("""{"digest":null,"diffId":null,"size":15,"facts":{}}""")]
    [TestCase("""{"digest":"DIGEST","diffId":"DIGEST","size":-1,"facts":{"files":3}}""")]
    [TestCase("""{"digest":"DIGEST","diffId":"DIGEST","size":14,"facts":{"files":3}}""")]
    [TestCase("null")]
    [TestCase("")]
    public async Task A_mapping_that_cannot_be_right_is_dropped(string text)
    {
        Put(Bytes);
        var path = _root.Write($"v1/packed/{BytesDigest.Hex}.json",
            text.Replace("DIGEST", BytesDigest.ToString(), StringComparison.Ordinal));

        var read = await _cache.TryReadMappingAsync("packed", BytesDigest, PackingJson.Default.PackedLayer, default);

        Assert.That(read, Is.Null);
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public async Task A_list_with_a_hole_is_dropped()
    {
        _root.Write($"v1/packed/{BytesDigest.Hex}.json", """{"blobs":[null]}""");

        Assert.That(await _cache.TryReadMappingAsync("packed", BytesDigest, PackingJson.Default.PackedLayers, default), Is.Null);
    }

    [TestCase("fifo")]
    [TestCase("loop")]
    [TestCase("link")]
    [TestCase("folder")]
    [TestCase("unreadable")]
    public async Task What_is_no_readable_file_counts_as_missing_and_is_replaced(string kind)
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Unix files.");
        var path = _cache.Paths.Blob(BytesDigest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (kind)
        {
            case "fifo":
                await ToolRunner.RunAsync("mkfifo", path);
                break;
            case "loop":
                File.CreateSymbolicLink(path, path);
                break;
            case "link":
                File.CreateSymbolicLink(path, _root.Write("elsewhere", "a layer's bytes"));
                break;
            case "folder":
                Directory.CreateDirectory(Path.Combine(path, "x"));
                break;
            default:
                await File.WriteAllBytesAsync(path, Bytes);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, UnixFileMode.None);
                if (Environment.IsPrivilegedProcess)
                    await File.WriteAllTextAsync(path, "root reads everything");
                break;
        }

        Assert.That(await _cache.TryOpenAsync(BytesDigest, default), Is.Null);
        Put(Bytes);

        await using var stream = await _cache.TryOpenAsync(BytesDigest, default);
        Assert.That(ReadAll(stream!), Is.EqualTo(Bytes));
    }

    [Test]
    public void What_cannot_be_put_in_its_place_is_the_caches_error()
    {
        _root.Write("v1/blobs", "a file where the folder should be");

        var error = Assert.Throws<LayersException>(() => Put(Bytes))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC5002"));
        Assert.That(Directory.GetFiles(_cache.Paths.Temporary), Is.Empty);
    }

    [Test]
    public void The_default_cache_is_its_users_alone_and_a_shared_one_is_warned_about()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Unix modes.");
            return;
        }

        const UnixFileMode Open = (UnixFileMode)0x1FF;
        var log = new RecordingLog();
        File.SetUnixFileMode(_root.Path, Open);

        _cache.Guard(log);
        new ContentCache(new CachePaths(_root.Path) { IsDefault = true }).Guard(log);

        Assert.That(log.Warnings.Select(w => w.Code), Is.EqualTo(new[] { "LLC5012" }));
        Assert.That(File.GetUnixFileMode(_root.Path),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public async Task A_lock_is_a_file_that_no_other_user_can_open()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Unix modes.");
            return;
        }


        using var held = await _cache.LockAsync(BytesDigest, default);

        Assert.That(File.GetUnixFileMode(_cache.Paths.Lock(BytesDigest)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
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
        CachePaths.DefaultRoot(name =>
            variables.FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]);

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
