namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>What replaces the image's own settings, or why it cannot be told.</summary>
internal sealed record ImageConfigResponse
{
    public ImageConfig? ImageConfig { get; init; }

    public ImageConfigError? Error { get; init; }
}
