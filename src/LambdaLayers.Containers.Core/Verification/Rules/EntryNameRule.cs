using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing.Tar;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Names and kinds of entries that unpackers take for different things: absolute names, backslashes, one file twice,
/// devices.
/// </summary>
internal sealed class EntryNameRule() : ImageRule(
    "LLC3512", RuleSeverity.Warning, "A layer has an entry that unpackers read differently", Sources.OciLayer)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Layers[i] is not { } layer)
                continue;
            var files = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in layer.Entries)
            {
                if (Oddity(entry, files) is { } oddity)
                {
                    yield return Found(
                        $"'{DisplayText.Name(entry.Name)}' of {image.NameOf(i)} {oddity}, which unpackers read "
                            + "differently. Build the layer "
                        + "with a tool that writes plain, relative names, each once.", entry.Path, i);
                    break;
                }
            }
        }
    }

    private static string? Oddity(FileRecord entry, HashSet<string> files) => entry.Type switch
    {
        _ when entry.Name.StartsWith('/') => "has an absolute name",
        TarItem.HardLink when entry.Link?.StartsWith('/') == true => "is a hard link to an absolute name",
        _ when entry.Name.Contains('\\') => "has a backslash in its name",
        TarItem.CharacterDevice or TarItem.BlockDevice or TarItem.Fifo when !entry.Path.StartsWith("/dev/",
            StringComparison.Ordinal)
            && entry.Mode != 0 => "is a device or a pipe",
        TarItem.File or TarItem.HardLink or TarItem.SymbolicLink when !files.Add(entry.Path) => "is there twice",
        _ => null,
    };
}
