using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>
/// What remote items led to when they were first seen. Read once at the start of a build; what the build looks up, sets or
/// keeps is in the new file, everything else is dropped. Safe for concurrent use.
/// </summary>
internal sealed class LockFile
{
    private readonly System.Threading.Lock _gate = new();
    private readonly string? _path;
    private readonly LockDocument _before;
    private readonly string _textBefore;
    private readonly Dictionary<LockKey, LockEntry> _entries;
    private readonly HashSet<LockKey> _kept = [];

    private LockFile(string? path, bool locked, bool verified, LockDocument before, string textBefore)
    {
        (_path, IsLocked, IsVerified, _before, _textBefore) = (path, locked, verified, before, textBefore);
        _entries = before.Items.ToDictionary(e => e.Key());
    }

    /// <summary>Whether changes are errors (LambdaLayersLockedMode).</summary>
    public bool IsLocked { get; }

    /// <summary>
    /// Whether nothing that the file says is taken on trust (LambdaLayersVerifyLocked): every source is asked, every
    /// layer made, and <see cref="Set"/> throws LLC2211 for what differs.
    /// </summary>
    public bool IsVerified { get; }

    /// <summary>Where it is, for messages; null for a build that remembers nothing.</summary>
    public string? Path => _path;

    /// <summary>Reads the file; one that does not exist is empty. LLC22xx for one that cannot be understood.</summary>
    /// <param name="path">Absolute; null for a build that remembers nothing.</param>
    /// <param name="locked">LambdaLayersLockedMode.</param>
    /// <param name="verified">LambdaLayersVerifyLocked.</param>
    public static LockFile Open(string? path, bool locked, bool verified = false)
    {
        var text = path is null ? null : LockFileStore.TryRead(path);
        return text is null
            ? new LockFile(path, locked, verified, LockDocument.Empty, "")
            // A checkout may have given it Windows line ends; that is no change.
            : new LockFile(path, locked, verified, LockFormat.Read(text, path!), text.ReplaceLineEndings("\n"));
    }

    /// <summary>The entry, which thereby stays in the file; null when there is none.</summary>
    public LockEntry? TryGet(LockKind kind, string include)
    {
        lock (_gate)
        {
            var key = new LockKey(kind, include);
            _kept.Add(key);
            return _entries.GetValueOrDefault(key);
        }
    }

    /// <summary>
    /// Sets an entry. For the same digest, platforms and packed layers that the file already knows are added to those of
    /// <paramref name="entry"/>: a build for one architecture leaves the others' alone.
    /// </summary>
    public void Set(LockEntry entry)
    {
        lock (_gate)
        {
            _kept.Add(entry.Key());
            var isThere = _entries.TryGetValue(entry.Key(), out var old);
            if (isThere && IsVerified && LockDifference.OfSource(old!, entry) is { Count: > 0 } differences)
                throw LockErrors.NotWhatSourceSays(_path, entry.Include, differences);
            if (isThere && old!.Digest == entry.Digest)
                entry = entry with { Platforms = Union(old.Platforms, entry.Platforms), Packed = Union(old.Packed, entry.Packed) };
            _entries[entry.Key()] = entry;
        }
    }

    /// <summary>
    /// Takes over what another engine of the same build has found out, where the file says nothing. It is in the new file only
    /// when it is looked up.
    /// </summary>
    public void Learn(IEnumerable<LockEntry> found)
    {
        lock (_gate)
        {
            foreach (var entry in found)
                _entries.TryAdd(entry.Key(), entry);
        }
    }

    /// <summary>What <paramref name="key"/> packs to in <paramref name="slot"/>, if just these inputs are recorded.</summary>
    public PackedLayer? TryGetPacked(LockKey key, LockSlot slot, Digest inputs)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(key)?.Packed
                .FirstOrDefault(p => p.Slot() == slot && p.Inputs == inputs)?.ToPackedLayer();
        }
    }

    /// <summary>Records what an entry packs to; nothing when there is no such entry.</summary>
    public void SetPacked(LockKey key, LockedLayer pack)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry))
                _entries[key] = entry with { Packed = Union(entry.Packed, [pack]) };
        }
    }

    /// <summary>Keeps an entry that this build does not look at, because its item is for another architecture.</summary>
    public void Keep(LockKind kind, string include)
    {
        lock (_gate)
        {
            _kept.Add(new LockKey(kind, include));
        }
    }

    /// <summary>All entries of a kind.</summary>
    public IReadOnlyList<LockEntry> All(LockKind kind)
    {
        lock (_gate)
        {
            return [.. _entries.Values.Where(e => e.Kind == kind)];
        }
    }

    /// <summary>Keeps all entries of a kind that this build does not look at.</summary>
    public void KeepAll(LockKind kind)
    {
        lock (_gate)
        {
            _kept.UnionWith(_entries.Keys.Where(k => k.Kind == kind));
        }
    }

    /// <summary>
    /// Drops what packs to other slots than these for an entry: the item's TargetPath or SourcePath has changed. The
    /// platforms of a slot all stay.
    /// </summary>
    public void KeepSlots(LockKey key, IReadOnlyCollection<LockSlot> slots)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
                return;
            var wanted = slots.Select(s => s with { Platform = null }).ToHashSet();
            _entries[key] = entry with
            {
                Packed = [.. entry.Packed.Where(p => wanted.Contains(p.Slot() with { Platform = null }))],
            };
        }
    }

    /// <summary>
    /// In locked mode: LLC2204 before anything is fetched when the file and the project's items are not about the same.
    /// </summary>
    public void DemandKnown(IReadOnlyCollection<LockKey> items)
    {
        if (!IsLocked || _path is null)
            return;
        var layers = _before.Items.Where(e => e.Kind != LockKind.Base).Select(e => e.Key()).ToList();
        var differences = items.Except(layers).Select(LockDifference.Added)
            .Concat(layers.Except(items).Select(LockDifference.Removed)).ToList();
        if (differences.Count > 0)
            throw LockErrors.WouldChange(_path, differences);
    }

    /// <summary>How the file would change, a line each; empty when it would not.</summary>
    public IReadOnlyList<string> Differences() => LockDifference.Between(_before, After());

    /// <summary>
    /// Writes the file if it has changed, at once and whole; deletes it when nothing is left to lock. LLC2204 with what
    /// differs if that is not allowed. Returns whether it changed.
    /// </summary>
    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        var after = After();
        var text = after.Items.Count == 0 ? "" : LockFormat.Write(after);
        if (_path is null || text == _textBefore)
            return false;
        var differences = LockDifference.Between(_before, after);
        if (IsLocked && differences.Count > 0)
            throw LockErrors.WouldChange(_path, differences);
        // Other spelling of the same content: a file that was written by hand.
        if (differences.Count == 0 && text.Length > 0)
            return false;
        await LockFileStore.ReplaceAsync(_path, text, cancellationToken);
        return true;
    }

    private LockDocument After()
    {
        lock (_gate)
        {
            return LockDocument.Empty with { Items = [.. _entries.Values.Where(e => _kept.Contains(e.Key()))] };
        }
    }

    private static SortedDictionary<string, Digest> Union(
        IReadOnlyDictionary<string, Digest> old, IReadOnlyDictionary<string, Digest> @new)
    {
        var all = new SortedDictionary<string, Digest>(old.ToDictionary(p => p.Key, p => p.Value), StringComparer.Ordinal);
        foreach (var (platform, digest) in @new)
            all[platform] = digest;
        return all;
    }

    private static List<LockedLayer> Union(IReadOnlyList<LockedLayer> old, IReadOnlyList<LockedLayer> @new)
    {
        var replaced = @new.Select(p => p.Slot()).ToHashSet();
        return [.. old.Where(p => !replaced.Contains(p.Slot())), .. @new];
    }
}
