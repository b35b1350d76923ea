using System.Buffers.Binary;
using LambdaLayers.Containers.Core.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>
/// Finds the data of the entries, and compares the header that stands before each (APPNOTE 4.3.7) with the table of
/// contents: a zip that says two things is unpacked one way by a scanner and another way by us.
/// </summary>
internal static class LocalHeaders
{
    private const int HeaderLength = 30;
    private const int EncryptedFlag = 0x0001;
    private const int DescriptorFlag = 0x0008;

    /// <summary>
    /// The first byte of each record's data, in the records' order. Throws LLC3012 for overlapping entries, LLC3013 for
    /// headers that disagree, LLC3018 for data that is not where the table of contents says.
    /// </summary>
    /// <param name="end">Where data must end: the first byte of the table of contents.</param>
    public static long[] Locate(SafeFileHandle file, IReadOnlyList<ZipRecord> records, long end)
    {
        var offsets = new long[records.Count];
        for (var i = 0; i < offsets.Length; i++)
            offsets[i] = Locate(file, records[i], end);
        CheckOverlaps(records, offsets);
        return offsets;
    }

    private static long Locate(SafeFileHandle file, ZipRecord record, long end)
    {
        var buffer = new byte[HeaderLength + record.RawName.Length];
        if (record.Offset > end - buffer.Length)
            throw ContentErrors.EntryOutsideZip(record.Name);
        Read(file, record.Offset, buffer);
        if (!buffer.AsSpan().StartsWith("PK\u0003\u0004"u8))
            throw ContentErrors.EntryOutsideZip(record.Name);
        Compare(file, record, buffer);
        var data = record.Offset + buffer.Length + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(28));
        if (data > end || record.CompressedSize > end - data)
            throw ContentErrors.EntryOutsideZip(record.Name);
        return data;
    }

    private static void Compare(SafeFileHandle file, ZipRecord record, ReadOnlySpan<byte> header)
    {
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) != record.RawName.Length
            || !header[HeaderLength..].SequenceEqual(record.RawName))
            throw ContentErrors.EntryHeadersDisagree(record.Name, "name");
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) != record.Method)
            throw ContentErrors.EntryHeadersDisagree(record.Name, "compression method");
        if (((flags ^ record.Flags) & EncryptedFlag) != 0)
            throw ContentErrors.EntryHeadersDisagree(record.Name, "encryption");
        // With a descriptor the header may leave these out: they follow the data, and only the table is believed.
        if ((flags & DescriptorFlag) == 0)
            CompareSizes(file, record, header);
    }

    private static void CompareSizes(SafeFileHandle file, ZipRecord record, ReadOnlySpan<byte> header)
    {
        long compressedSize = BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
        if (size == uint.MaxValue || compressedSize == uint.MaxValue)
        {
            var extra = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header[28..])];
            Read(file, record.Offset + header.Length, extra);
            var none = 0L;
            if (!ZipExtraFields.TryReadZip64(extra, ref size, ref compressedSize, ref none))
                throw ContentErrors.EntryHeadersDisagree(record.Name, "size");
        }

        if (size != record.Size || compressedSize != record.CompressedSize)
            throw ContentErrors.EntryHeadersDisagree(record.Name, "size");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[14..]) != record.Crc)
            throw ContentErrors.EntryHeadersDisagree(record.Name, "checksum");
    }

    private static void CheckOverlaps(IReadOnlyList<ZipRecord> records, long[] offsets)
    {
        var order = Enumerable.Range(0, offsets.Length).OrderBy(i => records[i].Offset).ToArray();
        for (var i = 1; i < order.Length; i++)
        {
            var (before, after) = (order[i - 1], order[i]);
            if (offsets[before] + records[before].CompressedSize > records[after].Offset)
                throw ContentErrors.EntriesOverlap(records[after].Name, records[before].Name);
        }
    }

    private static void Read(SafeFileHandle file, long offset, Span<byte> buffer)
    {
        using var slice = new FileSlice(file, offset, buffer.Length);
        slice.ReadExactly(buffer);
    }
}
