using System.Buffers.Binary;
using System.Text;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>
/// Makes 64-bit little-endian ELF files that nothing can run, with just the tables that say what a program needs:
/// loader, libraries, search path.
/// </summary>
public static class ElfBuilder
{
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;

    /// <summary>The loader of glibc for an architecture ("amd64" or "arm64").</summary>
    public static string Loader(string architecture) =>
        architecture == "arm64" ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2";

    /// <summary>A program that asks for glibc's loader and C library.</summary>
    public static byte[] Program(string architecture = "amd64") => Create(architecture, Loader(architecture),
        ["libc.so.6"]);

    /// <summary>A library that needs others.</summary>
    public static byte[] Library(string architecture, params IReadOnlyList<string> needed) => Create(architecture,
        null, needed);

    /// <param name="architecture">"amd64" or "arm64".</param>
    /// <param name="loader">Of a program; null for a library or a static program.</param>
    /// <param name="needed">Names of libraries.</param>
    /// <param name="runPath">DT_RUNPATH; null for none.</param>
    /// <param name="tail">Bytes between the program headers and the tables, which puts those anywhere in the
    /// file.</param>
    public static byte[] Create(
        string architecture, string? loader, IReadOnlyList<string>? needed = null, string? runPath = null, int tail = 0)
    {
        using var strings = new MemoryStream();
        strings.WriteByte(0);
        var tags = new List<(long Tag, long Value)>();
        foreach (var name in needed ?? [])
            tags.Add((1, Append(strings, name)));
        if (runPath is not null)
            tags.Add((29, Append(strings, runPath)));
        const int Segments = 3;
        const long Address = 0x400000;
        long start = HeaderLength + Segments * SegmentLength + tail;
        var dynamic = start + strings.Length;
        var interpreter = dynamic + (tags.Count + 2) * 16;
        var loaderBytes = loader is null ? [] : Encoding.UTF8.GetBytes(loader + "\0");
        var file = new byte[interpreter + loaderBytes.Length];
        "\u007fELF"u8.CopyTo(file);
        (file[4], file[5], file[6]) = (2, 1, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), (ushort)(loader is null ? 3 : 2));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), (ushort)(architecture == "arm64" ? 183 : 62));
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(32), HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), SegmentLength);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), (ushort)Segments);
        Segment(file, 0, 1, 0, Address, file.Length);
        Segment(file, 1, 2, dynamic, Address + dynamic, (tags.Count + 2) * 16);
        Segment(file, 2, loader is null ? 0u : 3u, interpreter, Address + interpreter, loaderBytes.Length);
        strings.ToArray().CopyTo(file, start);
        tags.Add((5, Address + start));
        for (var i = 0; i < tags.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan((int)dynamic + i * 16), tags[i].Tag);
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan((int)dynamic + i * 16 + 8), tags[i].Value);
        }

        loaderBytes.CopyTo(file, interpreter);
        return file;
    }

    private static long Append(MemoryStream strings, string text)
    {
        var at = strings.Length;
        strings.Write(Encoding.UTF8.GetBytes(text + "\0"));
        return at;
    }

    private static void Segment(byte[] file, int index, uint type, long offset, long address, long size)
    {
        var header = file.AsSpan(HeaderLength + index * SegmentLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], address);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], size);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], size);
    }
}
