namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>A name in a folder of an image's filesystem.</summary>
/// <param name="Node">What it names.</param>
/// <param name="Layer">The last layer that wrote it; whiteouts only hide what layers below wrote.</param>
internal readonly record struct FileName(FileNode Node, int Layer);
