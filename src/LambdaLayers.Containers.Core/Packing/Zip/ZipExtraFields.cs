using System.Buffers.Binary;
using System.IO.Hashing;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>Finds extra fields (APPNOTE 4.5). Padding and broken ends, which real zips have, end the search.</summary>
internal static class ZipExtraFields
{
    private const int HeaderLength = 4;
    private const ushort Zip64Id = 0x0001;
    private const ushort ExtendedTimestampId = 0x5455;
    private const ushort UnicodePathId = 0x7075;

    /// <summary>The 64-bit values for the fields that are all ones, in their fixed order; false when one is missing.</summary>
    public static bool TryReadZip64(ReadOnlySpan<byte> extra, ref long size, ref long compressedSize, ref long offset)
    {
        var field = Find(extra, Zip64Id);
        return Take(ref field, ref size) && Take(ref field, ref compressedSize) && Take(ref field, ref offset);

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
    public static int? ExtendedTimestamp(ReadOnlySpan<byte> extra)
    {
        var field = Find(extra, ExtendedTimestampId);
        return field.Length >= 5 && (field[0] & 1) != 0 ? BinaryPrimitives.ReadInt32LittleEndian(field[1..]) : null;
    }

    /// <summary>Info-ZIP's UTF-8 name, if it belongs to this <paramref name="rawName"/>; else empty.</summary>
    public static ReadOnlySpan<byte> UnicodePath(ReadOnlySpan<byte> extra, ReadOnlySpan<byte> rawName)
    {
        var field = Find(extra, UnicodePathId);
        return field.Length > 5 && field[0] == 1
            && BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == Crc32.HashToUInt32(rawName)
            ? field[5..]
            : default;
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> extra, ushort id)
    {
        while (extra.Length >= HeaderLength)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - HeaderLength)
                return default;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == id)
                return extra.Slice(HeaderLength, length);
            extra = extra[(HeaderLength + length)..];
        }

        return default;
    }
}
