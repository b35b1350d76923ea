using System.Buffers.Binary;
using LambdaLayers.Containers.Core.Packing.Deflate;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>
/// Tells gzip files of one plain member from others. Decompressors go on into further members on their own, and nothing in a
/// gzip file says where a member ends, so its deflate stream is walked over to find out.
/// </summary>
internal static class GzipMember
{
    private const int HeaderLength = 10;
    private const int TrailerLength = 8; // CRC-32 and length
    private const uint NoTime = 0;

    // What klauspost/pgzip, and so buildah and podman, write for Go's zero time: the year 1, cut to 32 bits.
    private const uint NoTimeInGo = 0x886E0900;

    /// <summary>
    /// What is unlike a single member without name and time (https://www.rfc-editor.org/rfc/rfc1952#section-2.3); null for such a
    /// one.
    /// </summary>
    public static async Task<string?> WhyNotPlainAsync(Stream blob, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        if (await blob.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken) < HeaderLength
            || header is not [0x1F, 0x8B, 8, ..])
            return "a layer is not compressed with gzip";
        if (header[3] != 0 || BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)) is not (NoTime or NoTimeInGo))
            return "a layer's gzip header has a name, a time or other fields";
        // What comes out of the deflate stream was checked already.
        var extent = default(DeflateExtent);
        var isStream = await Task.Run(() => new DeflateWalker().TryFindEnd(blob, out extent), cancellationToken);
        return isStream && HeaderLength + ((extent.End + 7) >> 3) + TrailerLength == blob.Length
            ? null
            : "a layer's gzip file has several members, or something after its member";
    }
}
