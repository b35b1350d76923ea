namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>What replaces the image's own settings.</summary>
internal sealed record ImageConfig
{
    public IReadOnlyList<string>? EntryPoint { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public string? WorkingDirectory { get; init; }
}
