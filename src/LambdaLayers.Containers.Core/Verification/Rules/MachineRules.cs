using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// A layer whose programs and libraries are all for the other architecture. Layers of items are checked before they are
/// fetched, by what is recorded of them (<see cref="CheckLayers"/>); this is for all others.
/// </summary>
internal sealed class WrongMachineRule() : ImageRule(
    ImageErrors.WrongMachineCode, RuleSeverity.Error, "A layer is for another architecture", Sources.ImageRequirements)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from layer in NativeFiles.Of(image)
        where layer.Wanted.Count == 0 && layer.Other.Find(file => !NativeMachines.IsVariant(file.Path)) is not null
        let file = layer.Other.Find(f => !NativeMachines.IsVariant(f.Path))!
        select Found(ImageErrors.WrongMachine(file.Path, file.Elf!.Machine,
            image.Image.Platform.ToString()).Diagnostic.Message, file.Path, layer.Index);
}

/// <summary>A program or library for the other architecture among those for the right one.</summary>
internal sealed class MixedMachinesRule() : ImageRule(
    ImageErrors.MixedMachinesCode, RuleSeverity.Warning, "A file is for another architecture", Sources.ImageRequirements)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from layer in NativeFiles.Of(image)
        where layer.Wanted.Count > 0
        from file in layer.Other
        where !NativeMachines.IsVariant(file.Path)
        select Found(ImageErrors.MixedMachines(file.Path, file.Elf!.Machine,
            image.Image.Platform.ToString()).Message, file.Path, layer.Index);
}

/// <summary>The ELF files of a layer under /opt and the task root, by whom they are for.</summary>
internal sealed record NativeFiles(int Index, List<FileRecord> Wanted, List<FileRecord> Other)
{
    /// <summary>Each layer that no item asked for.</summary>
    public static IEnumerable<NativeFiles> Of(InspectedImage image)
    {
        var platform = image.Image.Platform;
        var (wanted, other) = (platform.DotnetArchitecture, NativeMachines.OtherThan(platform));
        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Layers[i] is not { } layer || image.Image.Layers[i].Origin.Item is not null)
                continue;
            var files = layer.Entries
                .Where(e => e.Elf is not null && (InspectedImage.IsUnder(e.Path, "/opt")
                    || InspectedImage.IsUnder(e.Path, image.TaskRoot))).ToList();
            yield return new NativeFiles(
                i, files.FindAll(f => f.Elf!.Machine == wanted), files.FindAll(f => f.Elf!.Machine == other));
        }
    }
}
