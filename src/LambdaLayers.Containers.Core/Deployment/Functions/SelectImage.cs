namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>Picks the image for a function from those of a publish; never an index, which Lambda refuses.</summary>
internal static class SelectImage
{
    /// <param name="architecture"><c>LambdaArchitecture</c>: x86_64, x64, amd64 or arm64; empty when not set.</param>
    public static PublishedImage Run(FunctionName function, IReadOnlyList<PublishedImage> images, string architecture)
    {
        if (images.Count == 0)
            throw PropertyErrors.NothingToDeploy();
        var known = images.Select(x => x.Architecture).ToList();
        if (architecture.Length == 0)
            return images is [var only] ? only : throw PropertyErrors.ArchitectureAmbiguous(function.Name, known);
        var wanted = Normalize(architecture);
        return images.FirstOrDefault(x => x.Architecture == wanted)
            ?? throw PropertyErrors.ArchitectureNotPublished(wanted, known);
    }

    private static string Normalize(string architecture) => architecture.ToLowerInvariant() switch
    {
        "x86_64" or "x64" or "amd64" => "x86_64",
        "arm64" or "aarch64" => "arm64",
        _ => throw PropertyErrors.BadChoice("LambdaArchitecture", architecture, ["x86_64", "arm64"]),
    };
}
