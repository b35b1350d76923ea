using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>
/// Reads a zip's central directory (APPNOTE 4.3.12). Written here rather than left to a library, because what must be
/// checked (raw names, local headers, overlaps, limits before anything is allocated) is what the libraries hide.
/// </summary>
internal static class ZipDirectory
{
    private const int HeaderLength = 46;
    private const int BufferLength = 1 << 16;

    /// <summary>
    /// All entries in the directory's order, each compared with its local header. Throws LLC3006 for a damaged
    /// directory, LLC3070 and LLC3073 for more than the limits allow, and what <see cref="LocalHeaders"/> throws.
    /// </summary>
    public static List<ZipRecord> Read(SafeFileHandle file, ZipEnd end, LayerBudget budget)
    {
        budget.AddEntries(end.Count);
        if (end.Count > end.Size / HeaderLength)
            throw ZipErrors.ZipDamaged("it is too short for its number of entries");
        using var directory = new BufferedStream(new FileSlice(file, end.Offset, end.Size), BufferLength);
        var local = new LocalHeaders(file, end.Offset);
        var records = new List<ZipRecord>((int)end.Count);
        try
        {
            for (var i = 0; i < end.Count; i++)
                records.Add(ReadRecord(directory, local, budget));
        }
        catch (EndOfStreamException)
        {
            throw ZipErrors.ZipDamaged("it ends within an entry");
        }

        // Entries that the count hides would be seen by tools that ignore the count.
        if (directory.ReadByte() >= 0)
            throw ZipErrors.ZipDamaged("it holds more than its number of entries");
        local.CheckOrder(records);
        return records;
    }

    private static ZipRecord ReadRecord(BufferedStream directory, LocalHeaders local, LayerBudget budget)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        directory.ReadExactly(header);
        if (!header.StartsWith("PK\u0001\u0002"u8))
            throw ZipErrors.ZipDamaged("an entry does not begin where the one before ends");
        var name = ReadBytes(directory, header[28..]);
        var extra = ReadBytes(directory, header[30..]);
        _ = ReadBytes(directory, header[32..]); // comment
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[34..]) is not (0 or ushort.MaxValue))
            throw ZipErrors.ZipIsSplit();
        budget.AddName(name.Length);
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        long compressedSize = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        if (!ZipExtraFields.TryReadZip64(extra, ref size, ref compressedSize, ref offset))
            throw ZipErrors.ZipDamaged("an entry lacks its Zip64 sizes, or has them twice");
        var record = new ZipRecord(ZipNames.Decode(name, flags, header[5], extra))
        {
            Host = header[5],
            Flags = flags,
            Method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
            DosTime = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]),
            Crc = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            CompressedSize = compressedSize,
            Size = size,
            Offset = offset,
            InternalAttributes = BinaryPrimitives.ReadUInt16LittleEndian(header[36..]),
            ExternalAttributes = BinaryPrimitives.ReadUInt32LittleEndian(header[38..]),
            UnixTime = ZipExtraFields.ExtendedTimestamp(extra),
        };
        local.Compare(record, name, extra);
        return record;
    }

    private static byte[] ReadBytes(BufferedStream directory, ReadOnlySpan<byte> lengthField)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(lengthField);
        if (length == 0)
            return [];
        var bytes = new byte[length];
        directory.ReadExactly(bytes);
        return bytes;
    }
}
