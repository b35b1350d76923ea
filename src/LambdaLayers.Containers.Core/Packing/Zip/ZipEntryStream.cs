using System.Globalization;
using System.IO.Compression;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>One entry's uncompressed bytes, held to the size and CRC-32 that the zip declares.</summary>
/// <param name="raw">The compressed bytes.</param>
internal sealed class ZipEntryStream(ZipRecord record, FileSlice raw) : CheckedContentStream(
    record.Method == ZipRecord.Stored ? raw : new DeflateStream(raw, CompressionMode.Decompress), record.Size, record.Crc)
{
    protected override LayersException WrongSize(long? actual) => ZipErrors.EntrySizeLies(
        record.Name, record.Size, actual?.ToString("N0", CultureInfo.InvariantCulture) ?? "more");

    protected override LayersException WrongChecksum() => ZipErrors.EntryChecksumLies(record.Name);

    protected override LayersException Unreadable(Exception cause) => ZipErrors.EntryDataDamaged(record.Name, cause);

    // DeflateStream reads ahead and hides how far. But it asks for the last byte, which it gets on its own, only when
    // the deflate data goes on that far; and what it never asked for is not part of the entry.
    protected override void AtEnd()
    {
        if (raw.Remaining > 0)
            throw ZipErrors.EntryDataDamaged(record.Name);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            raw.Dispose();
        base.Dispose(disposing);
    }
}
