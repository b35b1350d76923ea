using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing.Tar;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Lambda's unpacker makes no folders by itself (MissingParentDirectory): each layer's tar must have an entry for
/// every folder, before what is in it. That of a layer below is taken for good enough, for AWS's own images do so;
/// this package writes all of them into each layer.
/// </summary>
internal sealed class ParentFolderRule() : ImageRule(
    "LLC3511", RuleSeverity.Error, "A folder has no entry before its files", Sources.MissingParents)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        var below = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < image.Layers.Count; i++)
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            if (image.Layers[i] is { } layer && FirstOrphan(layer, known, below) is { } orphan)
            {
                yield return Found(
                    $"'{DisplayText.Name(orphan.Path)}' of {image.NameOf(i)} comes without an entry for its folder "
                        + "before it, and "
                    + "Lambda answers MissingParentDirectory. Build the layer with a tool that writes an entry for "
                    + "each folder, "
                    + "parents first (`tar` of a whole folder does); or let this package make it, as a LambdaLayer "
                    + "item.",
                    orphan.Path, i);
            }

            below.UnionWith(known);
        }
    }

    private static FileRecord? FirstOrphan(LayerContent layer, HashSet<string> known, HashSet<string> below)
    {
        FileRecord? orphan = null;
        foreach (var entry in layer.Entries)
        {
            var path = entry.Path;
            var parent = path.Length == 0 ? "" : path[..path.LastIndexOf('/')];
            if (parent.Length > 0 && !known.Contains(parent) && !below.Contains(parent))
                orphan ??= entry;
            if (entry.Type is TarItem.Folder or TarItem.SymbolicLink)
                known.Add(path);
        }

        return orphan;
    }
}
