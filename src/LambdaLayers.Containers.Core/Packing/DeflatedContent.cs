namespace LambdaLayers.Containers.Core.Packing;

/// <summary>A file's content as the raw deflate stream (RFC 1951) that its source holds.</summary>
/// <param name="Size">Bytes of the stream.</param>
/// <param name="Open">Opens the stream; may be called again, also while another one is being read.</param>
internal sealed record DeflatedContent(long Size, Func<Stream> Open);
