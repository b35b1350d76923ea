using CsCheck;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>Random trees: names that sort around '/', long names, links, content of all sizes around a tar block.</summary>
internal static class Trees
{
    private static readonly Gen<string> Segment = Gen.OneOf(
        Gen.OneOf("a", "b", "a-b", "a.b", "a b", "bin", "extensions", "é", "😀", "Z"),
        Gen.Char['a', 'z'].Array[90, 130].Select(c => new string(c)));

    private static readonly Gen<string> Path = Segment.Array[1, 4].Select(s => string.Join('/', s));

    private static readonly Gen<byte[]> Content = Gen.OneOf(
        Gen.Byte.Array[0, 40], Gen.Byte.Array[511, 513], Gen.Byte.Array[2000, 5000],
        Gen.OneOf("#!/bin/sh\n"u8.ToArray(), "\u007fELF"u8.ToArray()));

    private static readonly Gen<LayerEntry> Entry = Gen.Select(
        Path, Gen.Int[0, 5], Content, Gen.OneOf(Gen.Const((int?)null), Gen.Int[0, 0xFFF].Select(m => (int?)m)),
        Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, 4_000_000_000].Select(t => (long?)t)),
        (path, kind, content, mode, time) => (kind switch
        {
            0 => MemoryTree.Folder(path, mode),
            1 => MemoryTree.Link(path, "../" + path),
            _ => MemoryTree.File(path, content, mode),
        }) with
        { Modified = time is { } t ? DateTimeOffset.FromUnixTimeSeconds(t) : null });

    /// <summary>Valid trees: each path once, and nothing below a file or link.</summary>
    public static readonly Gen<LayerEntry[]> Any = Entry.Array[0, 30].Select(Valid);

    private static LayerEntry[] Valid(LayerEntry[] entries)
    {
        var parents = entries.SelectMany(e => Parents(e.Path)).ToHashSet();
        return [.. entries
            .Where(e => e.Kind == EntryKind.Directory || !parents.Contains(e.Path))
            .DistinctBy(e => e.Path)];
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var p = LayerPath.Parent(path); p.Length > 0; p = LayerPath.Parent(p))
            yield return p;
    }
}
