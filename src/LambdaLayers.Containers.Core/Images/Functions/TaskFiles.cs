using System.Text;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Folders;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// What a function is made of that no .NET project builds: the files of a folder, and what a command made (packages, a
/// compiled program). Both go to the task root; where both have a file, the folder's wins.
/// </summary>
internal sealed partial record TaskFiles
{
    /// <summary>The folder of a custom runtime's program, which AWS's entry point starts.</summary>
    public const string Bootstrap = "bootstrap";

    /// <summary>Absolute path of the folder (LambdaTaskDirectory); null where a command makes everything.</summary>
    public string? Directory { get; init; }

    /// <summary>The command as an item whose folder the build has filled (LambdaTaskBuildCommand); null for none.</summary>
    public LayerItem? Build { get; init; }

    /// <summary>What stays out of both (LambdaTaskExclude).</summary>
    public FilePatterns Exclude { get; init; } = FilePatterns.None;

    /// <summary>The folder's files, relative to the task root; null without a folder. Throws LLC2333 for an empty one.</summary>
    public LayerTree? OpenFolder()
    {
        if (Directory is null)
            return null;
        if (!System.IO.Directory.Exists(Directory))
            throw TaskImageErrors.FolderNotFound(Directory);
        return NotEmpty(DirectoryTree.Open(Directory, exclude: Exclude), Directory);
    }

    /// <summary>What the command made for the platform, relative to the task root; null without a command.</summary>
    public LayerTree? OpenBuilt(Platform platform)
    {
        if (Build is null)
            return null;
        var folder = BuiltLayerFolder.Of(Build, platform).Output;
        if (!System.IO.Directory.Exists(folder))
            throw BuiltLayerErrors.FolderNotBuilt();
        var tree = DirectoryTree.Open(folder, exclude: Exclude);
        return NotEmpty(tree.With([.. tree.Entries.Where(entry => !IsPipScript(entry))]), folder);
    }

    /// <summary>Whether the task root gets a file of this name, relative to it.</summary>
    public bool Has(string path, Platform platform)
    {
        using var folder = OpenFolder();
        using var built = OpenBuilt(platform);
        return new[] { folder, built }.OfType<LayerTree>()
            .Any(tree => tree.Entries.Any(entry => entry.Path == path && entry.Kind != EntryKind.Directory));
    }

    private static LayerTree NotEmpty(LayerTree tree, string folder) =>
        tree.Entries.Any(entry => entry.Kind != EntryKind.Directory) ? tree : throw TaskImageErrors.FolderIsEmpty(folder);

    // pip writes the path of the Python that it ran on into the commands of packages. That Python is not in the image, so they
    // cannot run there, and they would make another layer on each machine.
    private static bool IsPipScript(LayerEntry entry)
    {
        if (entry is not { Kind: EntryKind.File, Open: { } open } || LayerPath.Parent(entry.Path) != "bin")
            return false;
        using var content = open();
        var head = new byte[FileSignature.HeadLength];
        var text = Encoding.UTF8.GetString(head, 0, content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        return PipShebang().IsMatch(text);
    }

    // https://github.com/pypa/distlib/blob/master/distlib/scripts.py: for long paths a shell is asked to start it.
    [GeneratedRegex(@"\A#!(/(?!usr/bin/env\b)\S*python[\d.]*\s|/bin/sh\s+'''exec' ""?/\S*python)")]
    private static partial Regex PipShebang();
}
