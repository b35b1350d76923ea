namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>What a tar says about one entry. Owner and group are always 0, without names.</summary>
/// <param name="Path">Without leading or trailing slash; <see cref="TarHeader"/> adds one to folders.</param>
/// <param name="Kind">Decides the type flag.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="UnixTime">Modification time in seconds, not negative.</param>
internal sealed record TarRecord(string Path, EntryKind Kind, int Mode, long UnixTime)
{
    /// <summary>Bytes that follow the header; 0 for all but files.</summary>
    public long Size { get; init; }

    /// <summary>Of links.</summary>
    public string LinkTarget { get; init; } = "";
}
