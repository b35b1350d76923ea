using System.Text;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>Trees and entries made in tests.</summary>
internal static class MemoryTree
{
    public static LayerTree Of(params LayerEntry[] entries) => new(entries);

    public static LayerEntry File(string path, string content = "", int? mode = null) =>
        File(path, Encoding.UTF8.GetBytes(content), mode);

    public static LayerEntry File(string path, byte[] content, int? mode = null) => new(path, EntryKind.File)
    {
        Size = content.Length,
        Mode = mode,
        Open = () => new MemoryStream(content, writable: false),
    };

    public static LayerEntry Folder(string path, int? mode = null) => new(path, EntryKind.Directory) { Mode = mode };

    public static LayerEntry Link(string path, string target) => new(path, EntryKind.SymbolicLink) { LinkTarget = target };

    public static LayerEntry HardLink(string path, string target) => new(path, EntryKind.HardLink) { LinkTarget = target };
}
