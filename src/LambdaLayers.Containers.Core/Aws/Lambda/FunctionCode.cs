namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>The image of a function.</summary>
internal sealed record FunctionCode
{
    /// <summary><c>host/repository@sha256:…</c> in the function's own region.</summary>
    public string? ImageUri { get; init; }
}
