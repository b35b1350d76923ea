using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// Counts what the entries of one layer take while they are read, and stops the reader at the <see cref="Limits"/>:
/// before memory is taken for them, and without believing what the source says about itself.
/// </summary>
internal sealed class LayerBudget(Limits limits)
{
    private long _entries;
    private long _nameBytes;
    private long _unpacked;

    /// <summary>Counts one entry. Throws LLC3070 to LLC3073.</summary>
    /// <param name="size">Bytes of its content; not negative.</param>
    public void Add(string path, string? linkTarget = null, long size = 0)
    {
        AddEntries(1);
        AddName(path.Length + (linkTarget?.Length ?? 0));
        CheckDepth(path);
        AddSize(size);
    }

    /// <summary>Counts entries that are to come. Throws LLC3070 when they are too many.</summary>
    public void AddEntries(long count)
    {
        _entries += count;
        if (_entries > limits.Entries)
            throw PackingErrors.TooManyEntries(_entries, limits.Entries);
    }

    /// <summary>Counts a name or link target. Throws LLC3073 when all of them are too long.</summary>
    public void AddName(long length)
    {
        _nameBytes += length;
        if (_nameBytes > limits.NameBytes)
            throw PackingErrors.TooManyNameBytes(limits.NameBytes);
    }

    /// <summary>
    /// Counts what an entry holds beside its name. Throws LLC3071 to LLC3074.
    /// </summary>
    /// <param name="compressed">Bytes of the archive that all entries come from.</param>
    public void AddContent(LayerEntry entry, long compressed)
    {
        CheckDepth(entry.Path);
        AddName(entry.LinkTarget?.Length ?? 0);
        AddSize(entry.Size);
        if (_unpacked > Math.Max(limits.FreelyUnpackedBytes, compressed * limits.Expansion))
            throw PackingErrors.ExpandsTooMuch(_unpacked, compressed);
    }

    private void AddSize(long size)
    {
        // Saturates rather than wraps.
        _unpacked = size > long.MaxValue - _unpacked ? long.MaxValue : _unpacked + size;
        if (_unpacked > limits.UnpackedBytes)
            throw PackingErrors.TooLarge(_unpacked, limits.UnpackedBytes);
    }

    private void CheckDepth(string path)
    {
        if (path.AsSpan().Count('/') > limits.Depth)
            throw PackingErrors.TooDeep(path, limits.Depth);
    }
}
