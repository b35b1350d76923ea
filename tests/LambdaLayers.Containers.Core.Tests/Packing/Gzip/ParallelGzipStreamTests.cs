using System.IO.Compression;
using CsCheck;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Gzip;

namespace LambdaLayers.Containers.Core.Tests.Packing.Gzip;

public sealed class ParallelGzipStreamTests
{
    private const int Chunk = ParallelGzipStream.ChunkLength;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(Chunk - 1)]
    [TestCase(Chunk)]
    [TestCase(Chunk + 1)]
    [TestCase((20 * Chunk) + 17)]
    public async Task What_is_written_is_read_back(int length)
    {
        var content = Content(length);

        var gzip = await Compress(content, 6, 70_000);

        Assert.That(Inflate(gzip).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public async Task The_bytes_do_not_depend_on_how_they_are_handed_in()
    {
        var content = Content(3 * Chunk);

        var whole = await Compress(content, 6, content.Length);
        var pieces = await Compress(content, 6, 12_345);

        Assert.That(pieces.AsSpan().SequenceEqual(whole), Is.True);
    }

    [Test]
    public async Task Every_level_gives_the_same_content_and_higher_ones_less_bytes()
    {
        var content = Content(Chunk);

        var sizes = new List<int>();
        for (var level = 1; level <= 9; level++)
        {
            var gzip = await Compress(content, level, content.Length);
            Assert.That(Inflate(gzip).AsSpan().SequenceEqual(content), Is.True);
            sizes.Add(gzip.Length);
        }

        Assert.That(sizes[8], Is.LessThan(sizes[0]));
    }

    [Test]
    public async Task It_is_one_member_without_name_and_time()
    {
        var gzip = await Compress("text"u8.ToArray(), 6, 4);

        Assert.That(gzip[..10], Is.EqualTo(new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 }));
        // SharpZipLib's reader gives up at the end of the first member: what it reads is all.
        using var reader = new ICSharpCode.SharpZipLib.GZip.GZipInputStream(new MemoryStream(gzip));
        using var copy = new MemoryStream();
        reader.CopyTo(copy);
        Assert.That(copy.ToArray(), Is.EqualTo("text"u8.ToArray()));
    }

    [Test]
    public async Task The_bytes_are_the_same_on_every_machine()
    {
        var gzip = await Compress(Content((2 * Chunk) + 999), 6, 65_536);

        // A change here means that layers get other digests: give the packer a new version.
        Assert.That(Digest.Of(gzip).ToString(), Is.EqualTo("sha256:c6182118a8453e54c438ec28fcfd5530d43771cc76a02d9444fbbb90aad28715"), $"{Digest.Of(gzip)}");
    }

    [Test]
    public void Any_content_is_read_back()
    {
        Gen.Select(Gen.Byte.Array[0, 3000], Gen.Int[1, 9]).Sample((content, level) =>
            Inflate(Compress(content, level, 100).GetAwaiter().GetResult()).AsSpan().SequenceEqual(content));
    }

    [TestCase(0)]
    [TestCase(10)]
    public void A_level_that_does_not_exist_is_an_error_of_the_caller(int level)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParallelGzipStream(Stream.Null, level).Dispose());
    }

    /// <summary>Half noise, half repetition, the same on every run.</summary>
    internal static byte[] Content(int length)
    {
        var random = new Random(42);
        var content = new byte[length];
        for (var i = 0; i < length; i += 1000)
        {
            var part = content.AsSpan(i, Math.Min(1000, length - i));
            if (i / 1000 % 2 == 0)
                random.NextBytes(part);
            else
                part.Fill((byte)(i / 1000));
        }

        return content;
    }

    private static async Task<byte[]> Compress(byte[] content, int level, int piece)
    {
        using var output = new MemoryStream();
        await using var gzip = new ParallelGzipStream(output, level);
        for (var i = 0; i < content.Length; i += piece)
            await gzip.WriteAsync(content.AsMemory(i, Math.Min(piece, content.Length - i)));
        await gzip.CompleteAsync(CancellationToken.None);
        return output.ToArray();
    }

    private static byte[] Inflate(byte[] gzip)
    {
        using var stream = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
