using System.Buffers.Binary;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>Finds extra fields (APPNOTE 4.5). Padding and broken ends, which real zips have, end the search.</summary>
internal static class ZipExtraFields
{
    private const int HeaderLength = 4;
    private const ushort Zip64Id = 0x0001;
    private const ushort ExtendedTimestampId = 0x5455;
    private const ushort UnicodePathId = 0x7075;

    /// <summary>
    /// The 64-bit values for the fields that are all ones, in their fixed order. False when one is missing, and when there
    /// are values left over or a second such field: some readers take those.
    /// </summary>
    public static bool TryReadZip64(ReadOnlySpan<byte> extra, ref long size, ref long compressedSize, ref long offset)
    {
        if (!TryFind(extra, Zip64Id, out var field))
            return false;
        // All readers agree on values that are as they are in the header; archivers write them to be on the safe side.
        var values = field;
        var unneeded = size != uint.MaxValue && compressedSize != uint.MaxValue && values.Length >= 2 * sizeof(long)
            && BinaryPrimitives.ReadInt64LittleEndian(values) == size
            && BinaryPrimitives.ReadInt64LittleEndian(values[sizeof(long)..]) == compressedSize;
        if (unneeded)
            field = field[(2 * sizeof(long))..];
        return Take(ref field, ref size) && Take(ref field, ref compressedSize) && Take(ref field, ref offset)
            && field.Length is 0 or sizeof(int); // the number of the disk

        static bool Take(ref ReadOnlySpan<byte> field, ref long value)
        {
            if (value != uint.MaxValue)
                return true;
            if (field.Length < sizeof(long))
                return false;
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[sizeof(long)..];
            return value >= 0;
        }
    }

    /// <summary>Modification time in Unix seconds of the extended timestamp, or null.</summary>
    public static int? ExtendedTimestamp(ReadOnlySpan<byte> extra) =>
        TryFind(extra, ExtendedTimestampId, out var field) && field.Length >= 5 && (field[0] & 1) != 0
            ? BinaryPrimitives.ReadInt32LittleEndian(field[1..])
            : null;

    /// <summary>
    /// Info-ZIP's field for a name in UTF-8, with its version and the CRC-32 of the other name; empty when there is none,
    /// false when there are two.
    /// </summary>
    public static bool TryUnicodePath(ReadOnlySpan<byte> extra, out ReadOnlySpan<byte> field) =>
        TryFind(extra, UnicodePathId, out field);

    // False when there are two of them, of which some readers take the first and others the last.
    private static bool TryFind(ReadOnlySpan<byte> extra, ushort id, out ReadOnlySpan<byte> field)
    {
        field = default;
        var found = false;
        while (extra.Length >= HeaderLength)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - HeaderLength)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == id)
            {
                if (found)
                    return false;
                field = extra.Slice(HeaderLength, length);
                found = true;
            }

            extra = extra[(HeaderLength + length)..];
        }

        return true;
    }
}
