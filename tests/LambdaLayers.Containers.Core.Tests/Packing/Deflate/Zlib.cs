using System.IO.Compression;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace LambdaLayers.Containers.Core.Tests.Packing.Deflate;

/// <summary>The other implementations of deflate that ours are compared with.</summary>
internal static class Zlib
{
    // What deflate can do: 258 bytes for two bits.
    private const long MaxRatio = 1032;

    public static readonly ZLibCompressionStrategy[] Strategies = Enum.GetValues<ZLibCompressionStrategy>();

    /// <summary>A raw stream; flushed after every <paramref name="flushEvery"/> bytes, so that it has many blocks.</summary>
    public static byte[] Deflate(
        byte[] content, int level = 6, ZLibCompressionStrategy strategy = default, int flushEvery = int.MaxValue)
    {
        var options = new ZLibCompressionOptions { CompressionLevel = level, CompressionStrategy = strategy };
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(bytes, options))
        {
            for (var i = 0; i < content.Length; i += Math.Min(flushEvery, content.Length - i))
            {
                deflate.Write(content, i, Math.Min(flushEvery, content.Length - i));
                if (flushEvery < int.MaxValue)
                    deflate.Flush();
            }
        }

        // For no content at all .NET writes nothing: not even the empty block that makes it a stream.
        return content.Length == 0 ? [3, 0] : bytes.ToArray();
    }

    /// <summary>What a raw stream inflates to; null for one that the runtime's zlib refuses, or that has no end.</summary>
    public static byte[]? TryInflate(byte[] raw)
    {
        using var copy = new MemoryStream();
        try
        {
            using var inflate = new DeflateStream(new MemoryStream(raw), CompressionMode.Decompress);
            inflate.CopyTo(copy);
            return copy.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Where a raw stream ends, as SharpZipLib sees it, which is another implementation; null if nowhere.</summary>
    public static long? EndOf(byte[] raw)
    {
        var inflater = new Inflater(noHeader: true);
        inflater.SetInput(raw);
        var buffer = new byte[1 << 16];
        try
        {
            while (!inflater.IsFinished)
            {
                if (inflater.Inflate(buffer) == 0 && !inflater.IsFinished)
                    return null;
                // It takes bits without a meaning for a literal of no bits, over and over.
                if (inflater.TotalOut > (MaxRatio * raw.Length) + buffer.Length)
                    return null;
            }
        }
        catch (Exception)
        {
            return null; // of several types, for streams that are none
        }

        return inflater.TotalIn;
    }
}
