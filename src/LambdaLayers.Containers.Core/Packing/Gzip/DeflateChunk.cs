using System.Buffers;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace LambdaLayers.Containers.Core.Packing.Gzip;

/// <summary>
/// Compresses one piece of a deflate stream, which ends at a byte boundary so that pieces can follow one another. The
/// bytes depend on nothing but the input and the level: this is SharpZipLib's managed deflater, new for every piece.
/// </summary>
/// <remarks>
/// System.IO.Compression would be 3 times as fast on one core, but its bytes are those of the native library that the
/// runtime happens to have: zlib-ng in Microsoft's builds, the system's zlib in those of the Linux distributions, and
/// either changes with updates. A layer's digest is in the lock file and must be the same on every machine.
/// </remarks>
internal static class DeflateChunk
{
    private const int Slack = 1 << 12;

    /// <summary>
    /// The deflate blocks of <paramref name="input"/>'s first <paramref name="length"/> bytes, none of them the last of
    /// a stream. The array is rented from the shared pool and is the caller's to give back.
    /// </summary>
    public static (byte[] Bytes, int Length) Compress(byte[] input, int length, int level)
    {
        var output = ArrayPool<byte>.Shared.Rent(length + (length / 64) + Slack);
        var deflater = new Deflater(level, noZlibHeaderOrFooter: true);
        deflater.SetInput(input, 0, length);
        var written = Drain(deflater, ref output, 0);
        // SharpZipLib's own flush does not end at a byte boundary; an empty stored block does.
        deflater.SetLevel(Deflater.NO_COMPRESSION);
        deflater.Flush();
        written = Drain(deflater, ref output, written);
        return (output, written);
    }

    private static int Drain(Deflater deflater, ref byte[] output, int written)
    {
        while (true)
        {
            if (written == output.Length)
                Grow(ref output);
            var added = deflater.Deflate(output, written, output.Length - written);
            if (added == 0)
                return written;
            written += added;
        }
    }

    private static void Grow(ref byte[] output)
    {
        var larger = ArrayPool<byte>.Shared.Rent(output.Length * 2);
        output.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(output);
        output = larger;
    }
}
