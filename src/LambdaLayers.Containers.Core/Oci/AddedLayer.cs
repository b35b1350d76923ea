using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// A gzip layer to put on top of an image: one entry in its manifest, one diffID and one line of history in its config.
/// </summary>
/// <param name="Digest">Of the compressed blob.</param>
/// <param name="Size">Of the compressed blob, in bytes.</param>
/// <param name="DiffId">Of the uncompressed tar.</param>
/// <param name="History">What <c>docker history</c> shows for it.</param>
internal sealed record AddedLayer(Digest Digest, long Size, Digest DiffId, HistoryEntry History);
