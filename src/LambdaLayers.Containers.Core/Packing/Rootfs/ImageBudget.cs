using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>
/// Counts what one image takes of memory and time while it is read, over all its layers, and stops the reader at the
/// <see cref="Limits"/> with LLC3205.
/// </summary>
internal sealed class ImageBudget(Limits limits)
{
    private long _entries;
    private long _nameBytes;
    private long _steps;

    /// <summary>Folders above an entry.</summary>
    public int Depth => limits.Depth;

    /// <summary>Counts an entry, or a folder made for one.</summary>
    public void AddEntry() => Check(++_entries, limits.ImageEntries, "entries");

    /// <summary>Counts a name or link target that is kept.</summary>
    public void AddName(string name) => Check(_nameBytes += name.Length, limits.NameBytes, "bytes of names and link targets");

    /// <summary>Counts steps from name to name.</summary>
    public void AddSteps(int count) => Check(_steps += count, limits.ImageSteps, "steps through folders and symbolic links");

    /// <summary>How many bytes the layers may unpack to, by their size in the manifest.</summary>
    public static long UnpackedBytes(long compressed, Limits limits) =>
        Math.Min(limits.ImageUnpackedBytes, Math.Max(limits.FreelyUnpackedBytes, compressed * limits.Expansion));

    private static void Check(long count, long limit, string what)
    {
        if (count > limit)
            throw RootfsErrors.ImageTooLarge(what, limit);
    }
}
