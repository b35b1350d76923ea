using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>Where a zip's central directory is, by the records at its end (APPNOTE 4.3.14 to 4.3.16).</summary>
/// <remarks>
/// Readers differ in which end record they take, whether they believe Zip64's, and how they find the directory from it.
/// So there is only one end record to find here, all that is said twice says the same, and the directory ends where
/// the records begin.
/// </remarks>
/// <param name="Count">Number of entries; not yet believed.</param>
/// <param name="Offset">First byte of the directory.</param>
/// <param name="Size">Its length in bytes.</param>
internal sealed record ZipEnd(long Count, long Offset, long Size)
{
    private const int RecordLength = 22;
    private const int LocatorLength = 20;
    private const int Record64Length = 56;
    private const int Record64SizeOffset = 12; // its own size field does not count what comes before this

    /// <summary>
    /// Finds the end record, whose comment must end with the file. Throws LLC3003 to LLC3007 for an empty file, something
    /// else than a zip, a truncated, damaged or split one, LLC3020 for an end that can be read in two ways.
    /// </summary>
    public static ZipEnd Find(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        if (length == 0)
            throw ZipErrors.ZipIsEmptyFile();
        var tail = new byte[Math.Min(length, RecordLength + ushort.MaxValue)];
        ReadExactly(file, tail, length - tail.Length);
        var at = LastIndexOfRecord(tail);
        if (at < 0)
            throw BeginsLikeZip(file, length) ? ZipErrors.ZipTruncated() : ZipErrors.NotAZip();
        if (tail.AsSpan(at + RecordLength).IndexOf("PK\u0005\u0006"u8) >= 0)
            throw ZipErrors.EndIsAmbiguous("its comment holds another end record");
        var recordOffset = length - tail.Length + at;
        var record = tail.AsSpan(at, RecordLength);
        return Find64(file, record, recordOffset) ?? Read(record, recordOffset);
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
            throw ZipErrors.ZipIsSplit();
        var count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) != count)
            throw ZipErrors.EndIsAmbiguous("it has two numbers of entries");
        return Checked(
            count,
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
            recordOffset);
    }

    // The Zip64 records lie just before the end record, which then has all ones, or the same values.
    private static ZipEnd? Find64(SafeFileHandle file, ReadOnlySpan<byte> end, long recordOffset)
    {
        Span<byte> locator = stackalloc byte[LocatorLength];
        if (recordOffset < LocatorLength + Record64Length)
            return null;
        var locatorOffset = recordOffset - LocatorLength;
        ReadExactly(file, locator, locatorOffset);
        if (!locator.StartsWith("PK\u0006\u0007"u8))
            return null;
        var offset = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (offset < 0 || offset > locatorOffset - Record64Length)
            throw ZipErrors.ZipTruncated();
        Span<byte> record = stackalloc byte[Record64Length];
        ReadExactly(file, record, offset);
        if (!record.StartsWith("PK\u0006\u0006"u8))
            throw ZipErrors.ZipDamaged("its Zip64 record is not where it should be");
        if (BinaryPrimitives.ReadInt64LittleEndian(record[4..]) != locatorOffset - offset - Record64SizeOffset)
            throw ZipErrors.EndIsAmbiguous("its Zip64 record does not end where it says");
        if (BinaryPrimitives.ReadInt64LittleEndian(record[16..]) != 0
            || BinaryPrimitives.ReadInt32LittleEndian(locator[4..]) != 0
            || BinaryPrimitives.ReadInt32LittleEndian(locator[16..]) > 1)
            throw ZipErrors.ZipIsSplit();
        var found = Checked(
            BinaryPrimitives.ReadInt64LittleEndian(record[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
            offset);
        if (BinaryPrimitives.ReadInt64LittleEndian(record[24..]) != found.Count
            || !Agrees(BinaryPrimitives.ReadUInt16LittleEndian(end[4..]), ushort.MaxValue, 0)
            || !Agrees(BinaryPrimitives.ReadUInt16LittleEndian(end[6..]), ushort.MaxValue, 0)
            || !Agrees(BinaryPrimitives.ReadUInt16LittleEndian(end[8..]), ushort.MaxValue, found.Count)
            || !Agrees(BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), ushort.MaxValue, found.Count)
            || !Agrees(BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), uint.MaxValue, found.Size)
            || !Agrees(BinaryPrimitives.ReadUInt32LittleEndian(end[16..]), uint.MaxValue, found.Offset))
            throw ZipErrors.EndIsAmbiguous("its Zip64 record says something else");
        return found;

        static bool Agrees(long small, long none, long value) => small == none || small == value;
    }

    private static ZipEnd Checked(long count, long offset, long size, long end)
    {
        if (count < 0 || offset < 0 || size < 0 || offset > end || size > end - offset)
            throw ZipErrors.ZipTruncated();
        return offset + size == end
            ? new ZipEnd(count, offset, size)
            : throw ZipErrors.EndIsAmbiguous("its table of contents does not end where its end record begins");
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
