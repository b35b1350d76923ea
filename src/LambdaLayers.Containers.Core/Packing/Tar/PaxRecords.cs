using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>
/// What one PAX extended header says of the entry after it; only what a layer can keep
/// (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03).
/// </summary>
internal sealed record PaxRecords
{
    public string? Path { get; private init; }

    public string? LinkPath { get; private init; }

    public long? Size { get; private init; }

    public long? UnixTime { get; private init; }

    /// <summary>Whether the entry is sparse: GNU's PAX formats 0.0, 0.1 and 1.0.</summary>
    public bool IsSparse { get; private init; }

    /// <summary>Reads the records of one header; <see cref="InvalidDataException"/> for what is none.</summary>
    public static PaxRecords Parse(ReadOnlySpan<byte> bytes)
    {
        var records = new PaxRecords();
        while (!bytes.IsEmpty)
        {
            // "<length> <key>=<value>\n", the length counting all of it.
            if (!Utf8Parser.TryParse(bytes, out int length, out var digits) || length > bytes.Length
                || length < digits + 4 || bytes[digits] != (byte)' ' || bytes[length - 1] != (byte)'\n')
                throw Broken();
            var record = bytes[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw Broken();
            records = records.With(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..]);
            bytes = bytes[length..];
        }

        return records;
    }

    // An empty value means that the entry's own header counts.
    private PaxRecords With(string key, ReadOnlySpan<byte> value) => key switch
    {
        _ when key.StartsWith("GNU.sparse.", StringComparison.Ordinal) => key == "GNU.sparse.name"
            ? this with { IsSparse = true, Path = Text(value) }
            : this with { IsSparse = true },
        "path" => IsSparse && Path is not null ? this : this with { Path = Text(value) },
        "linkpath" => this with { LinkPath = Text(value) },
        "size" => this with { Size = value.IsEmpty ? null : Whole(value, NumberStyles.None) },
        "mtime" => this with { UnixTime = value.IsEmpty ? null : Seconds(value) },
        _ => this,
    };

    private static string? Text(ReadOnlySpan<byte> value) => value.IsEmpty ? null : TarField.Decode(value);

    private static long Seconds(ReadOnlySpan<byte> value)
    {
        var point = value.IndexOf((byte)'.');
        var seconds = Whole(point < 0 ? value : value[..point], NumberStyles.AllowLeadingSign);
        var fraction = point < 0 ? [] : value[(point + 1)..].Trim((byte)'0');
        return value[0] == (byte)'-' && !fraction.IsEmpty ? seconds - 1 : seconds;
    }

    private static long Whole(ReadOnlySpan<byte> value, NumberStyles style) =>
        long.TryParse(value, style, CultureInfo.InvariantCulture, out var number) ? number : throw Broken();

    private static InvalidDataException Broken() => new("a PAX header is broken");
}
