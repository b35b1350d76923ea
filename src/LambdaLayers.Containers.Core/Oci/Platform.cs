using System.Diagnostics.CodeAnalysis;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// What an image runs on, in Go's words
/// (https://github.com/opencontainers/image-spec/blob/main/image-index.md#image-index-property-descriptions).
/// </summary>
/// <param name="Os">GOOS: <c>linux</c>.</param>
/// <param name="Architecture">GOARCH: <c>amd64</c>, <c>arm64</c>.</param>
/// <param name="Variant">Of the CPU: <c>v8</c>; null when there is none.</param>
internal sealed record Platform(string Os, string Architecture, string? Variant = null)
{
    /// <summary>Lambda's x86_64.</summary>
    public static Platform LinuxAmd64 { get; } = new("linux", "amd64");

    /// <summary>Lambda's arm64.</summary>
    public static Platform LinuxArm64 { get; } = new("linux", "arm64");

    /// <summary>.NET's name of the architecture, as in runtime identifiers and the Architecture metadata: <c>x64</c>.</summary>
    public string DotnetArchitecture => Architecture == "amd64" ? "x64" : Architecture;

    /// <summary>Lambda's name of the architecture, as in its API: <c>x86_64</c>.</summary>
    public string LambdaArchitecture => Architecture == "amd64" ? "x86_64" : Architecture;

    /// <summary>The runtime identifier of .NET for it, where it is one of Lambda's: <c>linux-x64</c>.</summary>
    public string RuntimeIdentifier => $"{Os}-{DotnetArchitecture}";

    /// <summary>Every name by which either of Lambda's architectures is known.</summary>
    public static IReadOnlyList<string> ArchitectureNames { get; } = ["x64", "x86_64", "x86-64", "amd64", "arm64", "aarch64"];

    /// <summary>The kernel's name of the architecture, as in folders of Linux distributions: <c>aarch64</c>.</summary>
    public string MachineName => Architecture switch
    {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        var other => other,
    };

    /// <summary>Lambda's platform for an architecture by whatever name: .NET's, Lambda's, OCI's or the kernel's.</summary>
    public static bool TryFromArchitecture(string? name, [NotNullWhen(true)] out Platform? platform)
    {
        platform = name?.ToLowerInvariant() switch
        {
            "x64" or "x86_64" or "amd64" => LinuxAmd64,
            "arm64" or "aarch64" => LinuxArm64,
            _ => null,
        };
        return platform is not null;
    }

    /// <summary>Reads <c>os/architecture</c> or <c>os/architecture/variant</c>, as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Platform? platform)
    {
        platform = text?.Split('/') switch
        {
            [{ Length: > 0 } os, { Length: > 0 } architecture] => new Platform(os, architecture),
            [{ Length: > 0 } os, { Length: > 0 } architecture, { Length: > 0 } variant] => new Platform(os, architecture, variant),
            _ => null,
        };
        return platform is not null;
    }

    /// <summary>
    /// The platform of a .NET runtime identifier; false for one that names no system and architecture.
    /// </summary>
    public static bool TryFromRuntimeIdentifier(string? rid, [NotNullWhen(true)] out Platform? platform)
    {
        platform = null;
        var parts = (rid ?? "").ToLowerInvariant().Split('-');
        if (parts.Length < 2 || SystemOf(parts[0]) is not { } system)
            return false;
        platform = parts[^1] switch
        {
            "x64" => new Platform(system, "amd64"),
            "arm64" => new Platform(system, "arm64"),
            "x86" => new Platform(system, "386"),
            "arm" => new Platform(system, "arm", "v7"),
            "armv6" => new Platform(system, "arm", "v6"),
            "s390x" or "ppc64le" or "riscv64" => new Platform(system, parts[^1]),
            "loongarch64" => new Platform(system, "loong64"),
            _ => null,
        };
        return platform is not null;
    }

    /// <summary>The platform of a .NET runtime identifier; LLC4004 for one that names no system and architecture.</summary>
    public static Platform OfRuntimeIdentifier(string rid) => TryFromRuntimeIdentifier(rid, out var platform)
        ? platform
        : throw new LayersException(
            "LLC4004",
            $"The runtime identifier '{DisplayText.Name(rid)}' names no platform that an image can be made for. Lambda runs "
            + "linux-x64 and linux-arm64.");

    /// <summary>
    /// Whether an image for <paramref name="offered"/> runs here. A missing variant is the architecture's first:
    /// arm64 is v8, amd64 is v1.
    /// </summary>
    public bool Accepts(Platform offered) =>
        Os == offered.Os && Architecture == offered.Architecture && Known(this) == Known(offered);

    public override string ToString() => $"{Os}/{Architecture}{(Variant is null ? "" : "/" + Variant)}";

    private static string? Known(Platform platform) => platform.Variant ?? platform.Architecture switch
    {
        "arm64" => "v8",
        "amd64" => "v1",
        "arm" => "v7",
        _ => null,
    };

    // linux-musl-x64, alpine and old distribution RIDs (amzn.2-x64, ubuntu.22.04-arm64) are all Linux.
    private static string? SystemOf(string system) => system.Split('.')[0] switch
    {
        "win" or "win10" or "win81" or "win8" or "win7" => "windows",
        "osx" or "maccatalyst" => "darwin",
        "freebsd" => "freebsd",
        "linux" or "alpine" or "amzn" or "debian" or "ubuntu" or "rhel" or "centos" or "fedora" => "linux",
        _ => null,
    };
}
