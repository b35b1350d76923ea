using System.Buffers.Binary;
using LambdaLayers.Containers.Core.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>
/// Reads a zip's table of contents (APPNOTE 4.3.12). Written here rather than left to a library, because what must be
/// checked (raw names, local headers, overlaps, limits before anything is allocated) is what the libraries hide.
/// </summary>
internal static class ZipDirectory
{
    private const int HeaderLength = 46;
    private const int BufferLength = 1 << 16;

    /// <summary>All entries in the table's order. Throws LLC3006 for a damaged table, LLC3070 for too many entries.</summary>
    public static List<ZipRecord> Read(SafeFileHandle file, ZipEnd end, PackLimits limits)
    {
        limits.CheckCount(end.Count);
        if (end.Count > end.Size / HeaderLength)
            throw ContentErrors.ZipDamaged("it is too short for its number of entries");
        using var table = new BufferedStream(new FileSlice(file, end.Offset, end.Size), BufferLength);
        var records = new List<ZipRecord>((int)end.Count);
        try
        {
            for (var i = 0; i < end.Count; i++)
                records.Add(ReadRecord(table));
        }
        catch (EndOfStreamException)
        {
            throw ContentErrors.ZipDamaged("it ends within an entry");
        }

        // Entries that the count hides would be seen by tools that ignore the count. A digital signature may follow.
        var rest = new byte[4];
        var length = table.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false);
        if (length != 0 && !rest.AsSpan().SequenceEqual("PK\u0005\u0005"u8))
            throw ContentErrors.ZipDamaged("it holds more than its number of entries");
        return records;
    }

    private static ZipRecord ReadRecord(BufferedStream table)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        table.ReadExactly(header);
        if (!header.StartsWith("PK\u0001\u0002"u8))
            throw ContentErrors.ZipDamaged("an entry does not begin where the one before ends");
        var name = ReadBytes(table, header[28..]);
        var extra = ReadBytes(table, header[30..]);
        _ = ReadBytes(table, header[32..]); // comment
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        long compressedSize = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        if (!ZipExtraFields.TryReadZip64(extra, ref size, ref compressedSize, ref offset))
            throw ContentErrors.ZipDamaged("an entry lacks its Zip64 sizes");
        return new ZipRecord(ZipNames.Decode(name, flags, extra), name)
        {
            Host = header[5],
            Flags = flags,
            Method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
            DosTime = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]),
            Crc = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            CompressedSize = compressedSize,
            Size = size,
            Offset = offset,
            ExternalAttributes = BinaryPrimitives.ReadUInt32LittleEndian(header[38..]),
            UnixTime = ZipExtraFields.ExtendedTimestamp(extra),
        };
    }

    private static byte[] ReadBytes(BufferedStream table, ReadOnlySpan<byte> lengthField)
    {
        var bytes = new byte[BinaryPrimitives.ReadUInt16LittleEndian(lengthField)];
        table.ReadExactly(bytes);
        return bytes;
    }
}
