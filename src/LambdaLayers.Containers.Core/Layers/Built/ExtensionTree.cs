using System.Text;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Folders;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>
/// The published files of an extension project as a layer: one program in extensions/, everything else elsewhere, because
/// Lambda starts every file in /opt/extensions and fails the function's init when one of them is no program.
/// A single published program is the extension itself; anything more goes to a folder beside extensions/, and a launcher
/// of the extension's name takes its place.
/// </summary>
internal static class ExtensionTree
{
    private const int Executable = 0b111_101_101; // 0755

    /// <summary>Lists <paramref name="folder"/>. Throws LLC2404 when there is nothing to start in it.</summary>
    public static LayerTree Open(string folder, ExtensionDescription extension)
    {
        var published = DirectoryTree.Open(folder);
        return published.With(Arrange([.. published.Entries], extension));
    }

    private static List<LayerEntry> Arrange(List<LayerEntry> published, ExtensionDescription extension)
    {
        // Native code's symbols are several times the program's size, and only a debugger reads them; those of the assemblies
        // that went into it nobody reads.
        if (extension.Native)
            published.RemoveAll(e => e.Path.EndsWith(".dbg", StringComparison.Ordinal)
                || e.Path.EndsWith(".pdb", StringComparison.Ordinal));
        var launched = Launched(published, extension);
        var files = published.Where(e => e.Kind != EntryKind.Directory).ToList();
        if (files.Count == 1)
            return [files[0] with { Path = $"extensions/{extension.Name}", Mode = Executable }];

        // Modes by content: package folders have other execute bits on other machines.
        var entries = published.Select(e => e with { Path = $"{extension.Name}/{e.Path}", Mode = null }).ToList();
        entries.Add(Launcher(extension.Name, launched));
        return entries;
    }

    private static string Launched(List<LayerEntry> published, ExtensionDescription extension)
    {
        var program = published.Exists(e => e.Kind == EntryKind.File && e.Path == extension.Name);
        var assembly = published.Exists(e => e.Kind == EntryKind.File && e.Path == extension.Name + ".dll");
        // A framework-dependent program would look for .NET by DOTNET_ROOT; PATH is what AWS's own bootstrap goes by.
        if (assembly && (!extension.SelfContained || !program))
            return $"dotnet {Beside(extension.Name, extension.Name + ".dll")}";
        return program
            ? Beside(extension.Name, extension.Name)
            : throw BuiltLayerErrors.ExtensionHasNoProgram(extension.Name);
    }

    // Relative to the launcher, so that the layer works under any TargetPath; exec keeps signals and the exit code.
    private static string Beside(string folder, string file) =>
        $"\"${{0%/*}}\"/../{ShellText.Quote(folder)}/{ShellText.Quote(file)}";

    private static LayerEntry Launcher(string name, string launched)
    {
        var script = Encoding.UTF8.GetBytes($"#!/bin/sh\nexec {launched} \"$@\"\n");
        return new LayerEntry($"extensions/{name}", EntryKind.File)
        {
            Mode = Executable,
            Size = script.Length,
            Open = () => new MemoryStream(script, writable: false),
        };
    }
}
