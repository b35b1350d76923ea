using System.Buffers;
using System.Buffers.Binary;
using LambdaLayers.Containers.Core.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>
/// Compares what stands beside each entry's data (APPNOTE 4.3.7, 4.3.9) with the central directory, and sees to it that
/// the entries fill the zip from its first byte to the directory. Who reads the zip straight from the front then finds
/// the same entries as who goes by the directory; a zip that says two things is unpacked one way by a scanner and
/// another way by us.
/// </summary>
/// <param name="end">Where data must end: the first byte of the directory.</param>
internal sealed class LocalHeaders(SafeFileHandle file, long end)
{
    private const int HeaderLength = 30;
    private const int DescriptorFlag = 0x0008;
    private const int EncryptionFlags = 0x2041;
    private const int Utf8Flag = 0x0800;
    private const int ShortDescriptor = 12; // CRC-32 and two sizes
    private const int LongDescriptor = 20; // the same with sizes of 64 bits
    private const int SignatureLength = 4;
    private const int BufferLength = 1 << 16;
    private const int AheadLength = 1 << 14;

    private readonly byte[] _ahead = new byte[AheadLength];
    private long _aheadFrom;
    private int _aheadLength;

    private static ReadOnlySpan<byte> DescriptorSignature => "PK\u0007\u0008"u8;

    /// <summary>
    /// Reads the header of <paramref name="record"/> and notes where its data is. Throws LLC3013 for a header that
    /// disagrees, LLC3018 for data that is not where the directory says.
    /// </summary>
    /// <param name="rawName">The name's bytes in the directory.</param>
    /// <param name="centralExtra">The extra fields there.</param>
    public void Compare(ZipRecord record, byte[] rawName, byte[] centralExtra)
    {
        var length = HeaderLength + rawName.Length;
        if (record.Offset > end - length)
            throw ZipErrors.EntryOutsideZip(record.Name);
        Span<byte> header = length <= 512 ? stackalloc byte[length] : new byte[length];
        Read(record.Offset, header);
        if (!header.StartsWith("PK\u0003\u0004"u8))
            throw ZipErrors.EntryOutsideZip(record.Name);
        var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        var data = record.Offset + length + extraLength;
        if (data > end)
            throw ZipErrors.EntryOutsideZip(record.Name);
        Span<byte> extra = extraLength <= 512 ? stackalloc byte[extraLength] : new byte[extraLength];
        Read(record.Offset + length, extra);
        CompareNames(record, rawName, centralExtra, header, extra);
        CompareMethods(record, header);
        CompareSizes(record, header, extra);
        if (record.CompressedSize > end - data)
            throw ZipErrors.EntryOutsideZip(record.Name);
        record.Data = new FileRange(file, data, record.CompressedSize);
    }

    /// <summary>
    /// Checks that the entries follow one another without a gap, each with its descriptor where it has one. Throws
    /// LLC3012 for entries that overlap, LLC3013 for descriptors that disagree, LLC3019 for bytes that belong to none.
    /// </summary>
    public void CheckOrder(IReadOnlyList<ZipRecord> records)
    {
        var order = records.ToArray();
        Array.Sort(order, static (a, b) => a.Offset.CompareTo(b.Offset));
        var (position, before) = (0L, (ZipRecord?)null);
        foreach (var record in order)
        {
            CheckGap(before, position, record.Offset, record);
            (position, before) = (record.Data.End, record);
        }

        CheckGap(before, position, end, null);
    }

    private static void CompareNames(
        ZipRecord record, byte[] rawName, byte[] centralExtra, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) != rawName.Length
            || !header[HeaderLength..].SequenceEqual(rawName)
            || !ZipExtraFields.TryUnicodePath(extra, out var local)
            || !ZipExtraFields.TryUnicodePath(centralExtra, out var central)
            || !local.SequenceEqual(central))
            throw ZipErrors.EntryHeadersDisagree(record.Name, "name");
        if (((BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) ^ record.Flags) & Utf8Flag) != 0)
            throw ZipErrors.EntryHeadersDisagree(record.Name, "encoding of the name");
    }

    private static void CompareMethods(ZipRecord record, ReadOnlySpan<byte> header)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) != record.Method)
            throw ZipErrors.EntryHeadersDisagree(record.Name, "compression method");
        if (((BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) ^ record.Flags) & EncryptionFlags) != 0)
            throw ZipErrors.EntryHeadersDisagree(record.Name, "encryption");
    }

    private static void CompareSizes(ZipRecord record, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        long crc = BinaryPrimitives.ReadUInt32LittleEndian(header[14..]);
        long compressedSize = BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
        var none = 0L;
        if (!ZipExtraFields.TryReadZip64(extra, ref size, ref compressedSize, ref none))
            throw ZipErrors.EntryHeadersDisagree(record.Name, "size");
        // With a descriptor the header may leave these out: they follow the data.
        record.HasDescriptor = (BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) & DescriptorFlag) != 0;
        if (!Agrees(size, record.Size) || !Agrees(compressedSize, record.CompressedSize))
            throw ZipErrors.EntryHeadersDisagree(record.Name, "size");
        if (!Agrees(crc, record.Crc))
            throw ZipErrors.EntryHeadersDisagree(record.Name, "checksum");

        bool Agrees(long local, long central) => local == central || (record.HasDescriptor && local == 0);
    }

    // Between the end of one entry's data and the next entry there is a descriptor, or nothing.
    private void CheckGap(ZipRecord? before, long from, long to, ZipRecord? after)
    {
        if (from > to)
            throw ZipErrors.EntriesOverlap(after!.Name, before!.Name);
        if (before is { HasDescriptor: true })
            CheckDescriptor(before, from, to);
        else if (from < to)
            throw ZipErrors.BytesOfNoEntry(to - from, before is null ? "at its beginning"
                : $"after the entry '{DisplayText.Name(before.Name)}'");
    }

    private void CheckDescriptor(ZipRecord record, long from, long to)
    {
        var gap = to - from;
        if (gap is not (ShortDescriptor or LongDescriptor or ShortDescriptor + SignatureLength or LongDescriptor + SignatureLength))
        {
            throw gap > LongDescriptor
                ? ZipErrors.BytesOfNoEntry(gap - ShortDescriptor, $"after the entry '{DisplayText.Name(record.Name)}'")
                : ZipErrors.EntryHeadersDisagree(record.Name, "size");
        }

        Span<byte> bytes = stackalloc byte[(int)gap];
        Read(from, bytes);
        if (gap is ShortDescriptor + SignatureLength or LongDescriptor + SignatureLength)
        {
            if (!bytes.StartsWith(DescriptorSignature))
                throw ZipErrors.EntryHeadersDisagree(record.Name, "size");
            bytes = bytes[SignatureLength..];
        }

        var (compressedSize, size) = SizesOf(bytes[4..]);
        if (compressedSize != record.CompressedSize || size != record.Size)
            throw ZipErrors.EntryHeadersDisagree(record.Name, "size");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != record.Crc)
            throw ZipErrors.EntryHeadersDisagree(record.Name, "checksum");
        if (record.Method == ZipRecord.Stored)
            CheckStored(record);
    }

    // Deflate data says where it ends. Of stored data, who reads from the front can only look for a descriptor that fits.
    private static void CheckStored(ZipRecord record)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using var data = record.Data.Open();
            var (kept, position) = (0, 0L);
            int read;
            while ((read = data.ReadAtLeast(buffer.AsSpan(kept), 1, throwOnEndOfStream: false)) > 0)
            {
                var bytes = buffer.AsSpan(0, kept + read);
                if (HoldsDescriptor(bytes, position))
                    throw ZipErrors.EntryHeadersDisagree(record.Name, "size");
                kept = Math.Min(bytes.Length, SignatureLength + LongDescriptor - 1);
                position += bytes.Length - kept;
                bytes[^kept..].CopyTo(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool HoldsDescriptor(ReadOnlySpan<byte> bytes, long position)
    {
        for (var at = 0; bytes[at..].IndexOf(DescriptorSignature) is >= 0 and var next; at++)
        {
            at += next;
            var sizes = bytes[Math.Min(bytes.Length, at + SignatureLength + 4)..];
            if (sizes.Length >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(sizes) == position + at)
                return true;
        }

        return false;
    }

    private static (long Compressed, long Size) SizesOf(ReadOnlySpan<byte> sizes) => sizes.Length == 8
        ? (BinaryPrimitives.ReadUInt32LittleEndian(sizes), BinaryPrimitives.ReadUInt32LittleEndian(sizes[4..]))
        : (BinaryPrimitives.ReadInt64LittleEndian(sizes), BinaryPrimitives.ReadInt64LittleEndian(sizes[8..]));

    // Small entries follow one another closely, and so do their headers.
    private void Read(long offset, Span<byte> buffer)
    {
        if (offset < _aheadFrom || offset + buffer.Length > _aheadFrom + _aheadLength)
        {
            using var slice = new FileSlice(file, offset, end - offset);
            if (buffer.Length > _ahead.Length)
            {
                slice.ReadExactly(buffer);
                return;
            }

            _aheadLength = slice.ReadAtLeast(_ahead, buffer.Length);
            _aheadFrom = offset;
        }

        _ahead.AsSpan((int)(offset - _aheadFrom), buffer.Length).CopyTo(buffer);
    }
}
