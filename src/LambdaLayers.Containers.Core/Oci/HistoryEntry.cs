namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// One line of an image's history (https://github.com/opencontainers/image-spec/blob/main/config.md#properties).
/// </summary>
/// <param name="Created">When; null keeps the image reproducible without claiming a time.</param>
/// <param name="CreatedBy">The command or tool that made the layer.</param>
/// <param name="Comment">Anything else.</param>
internal sealed record HistoryEntry(DateTimeOffset? Created, string? CreatedBy, string? Comment = null);
