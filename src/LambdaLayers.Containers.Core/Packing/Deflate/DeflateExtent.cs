namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>Where the parts of a raw deflate stream are, in bits from its beginning.</summary>
/// <param name="LastBlock">The first bit of the last block's header, which is its BFINAL.</param>
/// <param name="End">The first bit after the last block.</param>
/// <param name="Length">Bytes that the stream inflates to.</param>
internal readonly record struct DeflateExtent(long LastBlock, long End, long Length);
