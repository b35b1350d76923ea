using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>Says in words how two lock files differ.</summary>
internal static class LockDifference
{
    /// <summary>A line for each difference, in the order of the file.</summary>
    public static IReadOnlyList<string> Between(LockDocument before, LockDocument after)
    {
        var old = before.Items.ToDictionary(e => e.Key());
        var @new = after.Items.ToDictionary(e => e.Key());
        return
        [
            .. old.Keys.Union(@new.Keys)
                .OrderBy(k => k.Kind.ToString(), StringComparer.Ordinal)
                .ThenBy(k => k.Include, StringComparer.Ordinal)
                .SelectMany(k => Lines(old.GetValueOrDefault(k), @new.GetValueOrDefault(k))),
        ];
    }

    public static string Added(LockKey key) => $"{key.Include} is not in the lock file";

    public static string Removed(LockKey key) => $"{key.Include} is in the lock file, but the project does not use it";

    /// <summary>
    /// How what a source says differs from what is recorded, a line each. What it packs to is not the source's to say, and
    /// one look tells of some platforms only.
    /// </summary>
    public static IReadOnlyList<string> OfSource(LockEntry recorded, LockEntry told) =>
    [
        .. Source(recorded, told),
        .. Platforms(recorded, told).Where(p => recorded.Platforms.ContainsKey(p.Platform) && told.Platforms.ContainsKey(p.Platform))
            .Select(p => p.Line),
    ];

    private static IEnumerable<string> Lines(LockEntry? old, LockEntry? @new) => (old, @new) switch
    {
        (null, { } added) => [Added(added.Key())],
        ({ } removed, null) => [Removed(removed.Key())],
        ({ } before, { } after) => Changes(before, after).Select(change => $"{after.Include}: {change}"),
        _ => [],
    };

    private static IEnumerable<string> Changes(LockEntry old, LockEntry @new) =>
        Source(old, @new).Concat(Platforms(old, @new).Select(p => p.Line)).Concat(Packed(old, @new));

    private static IEnumerable<string> Source(LockEntry old, LockEntry @new)
    {
        if (old.Resolved != @new.Resolved)
            yield return $"is {@new.Resolved}, was {old.Resolved}";
        if (old.Digest != @new.Digest)
            yield return $"has {Short(@new.Digest)}, had {Short(old.Digest)}";
        if (old.Size != @new.Size)
            yield return $"has {@new.Size} bytes, had {old.Size}";
        if (old.Region != @new.Region)
            yield return $"is resolved in {@new.Region}, was in {old.Region}";
        if (old.Version != @new.Version)
            yield return $"is version {@new.Version}, was {old.Version}";
        if (!Same(old.Architectures, @new.Architectures) || !Same(old.Runtimes, @new.Runtimes))
            yield return "names other architectures or runtimes";
    }

    private static IEnumerable<(string Platform, string Line)> Platforms(LockEntry old, LockEntry @new) =>
        from platform in old.Platforms.Keys.Union(@new.Platforms.Keys).Order(StringComparer.Ordinal)
        let before = old.Platforms.GetValueOrDefault(platform)
        let after = @new.Platforms.GetValueOrDefault(platform)
        where before != after
        select (platform, $"for {platform} is {Short(after)}, was {Short(before)}");

    private static IEnumerable<string> Packed(LockEntry old, LockEntry @new)
    {
        var before = old.Packed.ToDictionary(p => p.Slot());
        var after = @new.Packed.ToDictionary(p => p.Slot());
        foreach (var slot in before.Keys.Union(after.Keys))
        {
            var (was, now) = (before.GetValueOrDefault(slot), after.GetValueOrDefault(slot));
            if (was?.Inputs == now?.Inputs && was?.Digest == now?.Digest)
                continue;
            var place = slot.TargetPath + (slot.Platform is null ? "" : $" for {slot.Platform}");
            var reason = was is not null && now is not null && was.Packer != now.Packer
                ? $" (packer {now.Packer}, was {was.Packer})"
                : "";
            yield return $"in {place} packs to {Short(now?.Digest)}, was {Short(was?.Digest)}{reason}";
        }
    }

    private static bool Same(IEnumerable<string> a, IEnumerable<string> b) => a.ToHashSet().SetEquals(b);

    private static string Short(Digest? digest) => digest is null ? "not recorded" : digest.Short;
}
