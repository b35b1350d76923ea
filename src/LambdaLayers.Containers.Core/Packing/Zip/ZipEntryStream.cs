using System.Globalization;
using System.IO.Compression;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>One entry's uncompressed bytes, held to the size and CRC-32 that the zip declares.</summary>
internal sealed class ZipEntryStream : CheckedContentStream
{
    private readonly ZipRecord _record;
    private readonly FileSlice _raw;

    private ZipEntryStream(ZipRecord record, FileSlice raw, Stream content)
        : base(content, record.Size, record.Crc)
    {
        _record = record;
        _raw = raw;
    }

    /// <summary>Reads <paramref name="record"/>'s entry from its compressed bytes.</summary>
    public static ZipEntryStream Open(ZipRecord record, FileSlice raw) => new(
        record, raw, record.Method == ZipMethod.Stored ? raw : new DeflateStream(raw, CompressionMode.Decompress));

    protected override LayersException WrongSize(long? actual) => ContentErrors.EntrySizeLies(
        _record.Name, _record.Size, actual?.ToString("N0", CultureInfo.InvariantCulture) ?? "more");

    protected override LayersException WrongChecksum() => ContentErrors.EntryChecksumLies(_record.Name);

    protected override LayersException Unreadable(Exception cause) =>
        ContentErrors.EntryDataDamaged(_record.Name, cause);

    // DeflateStream reads ahead and hides how far, but what it never asked for is surely not part of the entry.
    protected override void AtEnd()
    {
        if (_raw.Remaining > 0)
            throw ContentErrors.EntryDataDamaged(_record.Name);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _raw.Dispose();
        base.Dispose(disposing);
    }
}
