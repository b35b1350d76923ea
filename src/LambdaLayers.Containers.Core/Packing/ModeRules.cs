namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// The permission bits of a layer's entries. Lambda runs functions and extensions as an unprivileged user, so everything
/// is readable by all and every folder can be entered by all: an /opt of mode 0700 would silently start no extension.
/// </summary>
internal static class ModeRules
{
    private const int Executable = 0b111_101_101; // 0755
    private const int Plain = 0b110_100_100; // 0644
    private const int Link = 0b111_111_111; // 0777, as Linux shows every symbolic link
    private const int ReadAll = 0b100_100_100;
    private const int EnterAll = 0b101_101_101;
    private const int PermissionBits = 0b111_111_111; // without setuid, setgid and sticky

    /// <summary>The mode in the image of a placed entry whose content begins as <paramref name="signature"/> says.</summary>
    public static int Of(LayerEntry entry, FileSignature signature) => entry.Kind switch
    {
        EntryKind.SymbolicLink => Link,
        EntryKind.Directory => ((entry.Mode & PermissionBits) ?? Executable) | EnterAll,
        _ when LambdaFolders.IsDirectlyInExtensions(entry.Path) => Executable,
        _ => entry.Mode is { } mode ? (mode & PermissionBits) | ReadAll : Guess(entry, signature),
    };

    private static int Guess(LayerEntry entry, FileSignature signature) =>
        signature.IsExecutable || entry.Path == LambdaFolders.Bootstrap || LambdaFolders.HoldsPrograms(entry.Path)
            ? Executable
            : Plain;
}
