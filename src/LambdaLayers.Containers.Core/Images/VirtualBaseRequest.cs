using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>What a virtual base image is made of.</summary>
/// <param name="Base">The real base image; null for scratch.</param>
/// <param name="Platforms">One for an image, several for an index.</param>
/// <param name="Items">The layers, in the order of the items: a later one wins.</param>
internal sealed record VirtualBaseRequest(
    ImageReference? Base, IReadOnlyList<Platform> Platforms, IReadOnlyList<LayerItem> Items)
{
    /// <summary>Whether the image says in a label which digest its true base has.</summary>
    public bool LabelBaseDigest { get; init; } = true;

    /// <summary>Whether the lock file pins the base image too (LambdaLayersLockBaseImage).</summary>
    public bool LockBase { get; init; }

    /// <summary>The media types to use; null for those of the base image.</summary>
    public ManifestFamily? Family { get; init; }

    /// <summary>The function's Lambda runtime, which its layers should be for; null when unknown.</summary>
    public FunctionRuntime? Runtime { get; init; }

    /// <summary>Whether the SDK loads the image into a local daemon, which takes every byte.</summary>
    public bool IsForDaemon { get; init; }

    /// <summary>The Lambda function that the image is for; null for any other image.</summary>
    public FunctionSettings? Function { get; init; }
}
