using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// Which programs and libraries are for the wrong architecture, and which ones are there for another on purpose.
/// </summary>
internal static class NativeMachines
{
    /// <summary>
    /// Lambda's other architecture, as .NET names it. Other machines (elf-247 is eBPF, elf-3 is 32-bit x86) are not
    /// what a wrong variant looks like.
    /// </summary>
    public static string OtherThan(Platform platform) =>
        (Platform.LinuxAmd64.Accepts(platform) ? Platform.LinuxArm64 : Platform.LinuxAmd64).DotnetArchitecture;

    /// <summary>
    /// Whether a folder's name says that what is in it is a variant, one of several: .NET's runtime package store and
    /// <c>runtimes</c>, Node's prebuilds.
    /// </summary>
    public static bool IsVariant(string path) => path.Split('/').SkipLast(1).Any(folder =>
        Platform.ArchitectureNames.Any(name => folder.Contains(name, StringComparison.OrdinalIgnoreCase)));
}
