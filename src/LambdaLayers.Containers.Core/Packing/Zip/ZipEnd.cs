using System.Buffers.Binary;
using LambdaLayers.Containers.Core.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>Where a zip's table of contents is (APPNOTE 4.3.14 to 4.3.16).</summary>
/// <param name="Count">Number of entries; not yet believed.</param>
/// <param name="Offset">First byte of the table.</param>
/// <param name="Size">Its length in bytes; the table lies inside the file.</param>
internal sealed record ZipEnd(long Count, long Offset, long Size)
{
    private const int RecordLength = 22;
    private const int LocatorLength = 20;
    private const int Record64Length = 56;

    /// <summary>
    /// Finds the end record, whose comment must end with the file. Throws LLC3003 to LLC3007: an empty file, something
    /// else than a zip, a truncated, damaged or split one.
    /// </summary>
    public static ZipEnd Find(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        if (length == 0)
            throw ContentErrors.ZipIsEmptyFile();
        var tail = new byte[Math.Min(length, RecordLength + ushort.MaxValue)];
        ReadExactly(file, tail, length - tail.Length);
        var at = LastIndexOfRecord(tail);
        if (at < 0)
            throw BeginsLikeZip(file, length) ? ContentErrors.ZipTruncated() : ContentErrors.NotAZip();
        var recordOffset = length - tail.Length + at;
        return Find64(file, recordOffset) ?? Read(tail.AsSpan(at), recordOffset);
    }

    private static int LastIndexOfRecord(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.Length - RecordLength; at >= 0; at--)
        {
            if (tail[at..].StartsWith("PK\u0005\u0006"u8)
                && at + RecordLength + BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length)
                return at;
        }

        return -1;
    }

    private static ZipEnd Read(ReadOnlySpan<byte> record, long recordOffset)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != 0)
            throw ContentErrors.ZipIsSplit();
        return Checked(
            BinaryPrimitives.ReadUInt16LittleEndian(record[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
            recordOffset);
    }

    // The Zip64 records lie just before the end record; who writes them may leave the small fields right as well.
    private static ZipEnd? Find64(SafeFileHandle file, long recordOffset)
    {
        Span<byte> locator = stackalloc byte[LocatorLength];
        if (recordOffset < LocatorLength + Record64Length)
            return null;
        ReadExactly(file, locator, recordOffset - LocatorLength);
        if (!locator.StartsWith("PK\u0006\u0007"u8))
            return null;
        var offset = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (offset < 0 || offset > recordOffset - LocatorLength - Record64Length)
            throw ContentErrors.ZipTruncated();
        Span<byte> record = stackalloc byte[Record64Length];
        ReadExactly(file, record, offset);
        if (!record.StartsWith("PK\u0006\u0006"u8))
            throw ContentErrors.ZipDamaged("its Zip64 record is not where it should be");
        if (BinaryPrimitives.ReadInt64LittleEndian(record[16..]) != 0)
            throw ContentErrors.ZipIsSplit();
        return Checked(
            BinaryPrimitives.ReadInt64LittleEndian(record[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
            offset);
    }

    private static ZipEnd Checked(long count, long offset, long size, long end)
    {
        if (count < 0 || offset < 0 || size < 0 || offset > end || size > end - offset)
            throw ContentErrors.ZipTruncated();
        return new ZipEnd(count, offset, size);
    }

    private static bool BeginsLikeZip(SafeFileHandle file, long length)
    {
        Span<byte> head = stackalloc byte[4];
        if (length < head.Length)
            return false;
        ReadExactly(file, head, 0);
        return head.StartsWith("PK\u0003\u0004"u8);
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        using var slice = new FileSlice(file, offset, buffer.Length);
        slice.ReadExactly(buffer);
    }
}
