using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>One architecture's image as a publish has pushed it.</summary>
/// <param name="Uri"><c>host/repository@sha256:…</c>.</param>
/// <param name="Architecture">Lambda's word: <c>x86_64</c>, <c>arm64</c>.</param>
/// <param name="Digest">Of the manifest.</param>
internal sealed record PublishedImage(string Uri, string Architecture, Digest Digest)
{
    /// <summary>Reads what the SDK says of an image that it has made.</summary>
    /// <param name="registry">Host pushed to.</param>
    /// <param name="repository">The image's repository.</param>
    /// <param name="digest">Manifest digest.</param>
    /// <param name="configuration">The image's configuration as JSON.</param>
    public static PublishedImage Parse(string registry, string repository, string digest, string configuration)
    {
        var json = JsonNode.Parse(configuration) as JsonObject ?? throw new JsonException("The configuration is no object.");
        var platform = Platform.TryFromArchitecture(OciJson.String(json, "architecture"), out var known)
            ? known
            : Platform.LinuxAmd64;
        return new PublishedImage(
            $"{registry}/{repository}@{digest}", platform.LambdaArchitecture, Digest.Parse(digest));
    }

    /// <summary>Picks the image for a function from those of a publish; never an index, which Lambda refuses.</summary>
    /// <param name="request">Says the function's architecture, if anything does.</param>
    /// <param name="images">At least one.</param>
    public static PublishedImage Choose(DeploymentRequest request, IReadOnlyList<PublishedImage> images)
    {
        var architecture = ChooseArchitecture(request, [.. images.Select(x => x.Architecture)]);
        return images.First(x => x.Architecture == architecture);
    }

    /// <summary>The architecture that the function gets of those that there are; an error when it cannot be told.</summary>
    public static string ChooseArchitecture(DeploymentRequest request, IReadOnlyList<string> available)
    {
        if (request.Architecture is not { } wanted)
            return available is [var only]
                ? only
                : throw FunctionErrors.ArchitectureAmbiguous(request.Function.Name, available);
        return available.Contains(wanted) ? wanted : throw FunctionErrors.ArchitectureNotPublished(wanted, available);
    }

    /// <summary>Reads <c>LambdaArchitecture</c>, also in the words of .NET and of images; null when it is not set.</summary>
    public static string? ParseArchitecture(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return Platform.TryFromArchitecture(text.Trim(), out var platform)
            ? platform.LambdaArchitecture
            : throw PropertyErrors.BadChoice(
                "LambdaArchitecture", text,
                [Platform.LinuxAmd64.LambdaArchitecture, Platform.LinuxArm64.LambdaArchitecture]);
    }
}
