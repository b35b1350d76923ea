namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>The lock file as a whole.</summary>
/// <param name="Version">Of the format; a newer one than <see cref="CurrentVersion"/> is refused.</param>
internal sealed record LockDocument(int Version)
{
    public const int CurrentVersion = 1;

    /// <summary>Sorted by kind and Include.</summary>
    public IReadOnlyList<LockEntry> Items { get; init; } = [];

    public static LockDocument Empty { get; } = new(CurrentVersion);
}
