using System.Text.Json;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>Compares what is recorded about packed layers, in the lock file and in the cache, with each other.</summary>
internal static class RecordedLayer
{
    /// <summary>Whether a packer could have said this. What was read from a file may be anything.</summary>
    public static bool IsPlausible(this PackedLayer packed)
    {
        var facts = packed.Facts;
        // What an earlier version has written lacks the lists that came later.
        IReadOnlyList<string>?[] lists = [facts.Extensions, facts.StoreManifests, facts.Stores, facts.Programs];
        return packed.Size > 0 && facts is { Files: >= 0, UncompressedSize: >= 0, NativeFiles: not null, Warnings: not null }
            && lists.All(list => list is not null && list.All(text => text is not null))
            && facts.NativeFiles.Values.All(text => text is not null)
            && facts.Warnings.All(w => w is { Code: not null, Message: not null });
    }

    /// <summary>
    /// The first difference, both sides named, <paramref name="recorded"/> first; null when both are the same. Of warnings
    /// only the codes count: their wording is this package's and may change.
    /// </summary>
    public static string? DifferenceFrom(this PackedLayer recorded, PackedLayer made)
    {
        if (recorded.Digest != made.Digest)
            return $"the blob {recorded.Digest} is recorded, {made.Digest} was made";
        if (recorded.DiffId != made.DiffId)
            return $"the diffID {recorded.DiffId} is recorded, {made.DiffId} was made";
        if (recorded.Size != made.Size)
            return $"{recorded.Size} bytes are recorded, {made.Size} were made";
        var (old, @new) = (Text(recorded.Facts), Text(made.Facts));
        return old == @new ? null : $"the content {old} is recorded, {@new} was made";
    }

    private static string Text(LayerFacts facts) => JsonSerializer.Serialize(
        facts with
        {
            NativeFiles = new SortedDictionary<string, string>(
                facts.NativeFiles.ToDictionary(f => f.Key, f => f.Value), StringComparer.Ordinal),
            Warnings = [.. facts.Warnings.Select(w => w with { Message = "" }).OrderBy(w => w.Code, StringComparer.Ordinal)],
        },
        LockJson.Facts);
}
