using System.Text.Json;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Sbom;

/// <summary>What an application is made of, by its <c>.deps.json</c>.</summary>
internal enum DependencyKind
{
    /// <summary>The application itself, and projects that it refers to.</summary>
    Project,

    /// <summary>A NuGet package.</summary>
    Package,

    /// <summary>The .NET runtime of a self-contained application, a NuGet package too.</summary>
    RuntimePack,

    /// <summary>An assembly that came as a file.</summary>
    Reference,
}

/// <summary>One library of an application.</summary>
/// <param name="Name">Of the package; a runtime pack's without the prefix that the file has for it.</param>
/// <param name="Version">As the file has it.</param>
/// <param name="Kind">Where it came from.</param>
internal sealed record Dependency(string Name, string Version, DependencyKind Kind)
{
    /// <summary>SHA-512 of the .nupkg as 128 hex digits; null when the file does not say.</summary>
    public string? Sha512 { get; init; }

    /// <summary>Libraries of the same file that this one needs itself, by name.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];
}

/// <summary>
/// Reads a <c>.deps.json</c>
/// (https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md).
/// </summary>
internal static class DependencyFile
{
    private const string RuntimePackPrefix = "runtimepack.";

    /// <summary>The libraries that the file's runtime target has, sorted by name; LLC3601 for a file that is none.</summary>
    /// <param name="content">The file's text.</param>
    /// <param name="name">What to call it in an error.</param>
    public static IReadOnlyList<Dependency> Parse(ReadOnlyMemory<byte> content, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            var target = root.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
            var libraries = root.GetProperty("libraries");
            return
            [
                .. root.GetProperty("targets").GetProperty(target).EnumerateObject()
                    .Select(x => Read(x.Name, x.Value, libraries.GetProperty(x.Name)))
                    .DistinctBy(x => x.Name, StringComparer.OrdinalIgnoreCase)
                    .OrderBy(x => x.Name, StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new LayersException(
                "LLC3601",
                $"'{DisplayText.Name(name)}' is no dependency file of .NET, so that the bill of materials cannot list the "
                + "application's packages. Delete obj and bin, and publish again.",
                e);
        }
    }

    private static Dependency Read(string key, JsonElement member, JsonElement library)
    {
        var slash = key.LastIndexOf('/');
        if (slash <= 0)
            throw new FormatException("A library has no version.");
        var kind = library.GetProperty("type").GetString() switch
        {
            "package" => DependencyKind.Package,
            "project" => DependencyKind.Project,
            "runtimepack" => DependencyKind.RuntimePack,
            _ => DependencyKind.Reference,
        };
        return new Dependency(NameOf(key[..slash]), key[(slash + 1)..], kind)
        {
            Sha512 = library.TryGetProperty("sha512", out var hash) ? Sha512(hash.GetString()) : null,
            DependsOn = member.TryGetProperty("dependencies", out var needed)
                ? [.. needed.EnumerateObject().Select(x => NameOf(x.Name))]
                : [],
        };
    }

    private static string NameOf(string name) =>
        name.StartsWith(RuntimePackPrefix, StringComparison.Ordinal) ? name[RuntimePackPrefix.Length..] : name;

    // "sha512-" and base64 of 64 bytes; empty for projects.
    private static string? Sha512(string? text)
    {
        const string Prefix = "sha512-";
        var hash = new byte[64];
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], hash, out var length) && length == hash.Length
                ? Convert.ToHexStringLower(hash)
                : null;
    }
}
