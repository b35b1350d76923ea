using LambdaLayers.Containers.Core.Deployment.Functions;

namespace LambdaLayers.Containers.Core.Deployment.HandOver;

/// <summary>One architecture's image and what it is made of.</summary>
/// <param name="Tags">Tags that mean this image alone.</param>
internal sealed record HandOverImage(
    PublishedImage Image, IReadOnlyList<string> Tags, IReadOnlyList<HandOverLayer> Layers);
