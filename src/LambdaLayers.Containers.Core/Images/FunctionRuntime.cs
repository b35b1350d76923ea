using System.Globalization;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// The Lambda runtime that a function would have without a container image, by which publishers say what a layer is for
/// (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html).
/// </summary>
/// <param name="Name">
/// <c>dotnet10</c>, <c>python3.13</c>, or <c>provided</c> for a program that brings its own; a family alone
/// (<c>python</c>) where the version is not known.
/// </param>
internal sealed partial record FunctionRuntime(string Name)
{
    private const string Provided = "provided";
    private const string Dotnet = "dotnet";

    /// <summary>What the runtime runs: the part of its name before the version.</summary>
    public string Family => FamilyName().Match(Name).Value;

    /// <summary>Whether it runs a program that the function brings, and no language.</summary>
    public bool IsProvided => Family == Provided;

    /// <summary>From the project's properties; null for a framework that Lambda has no runtime for.</summary>
    /// <param name="targetFrameworkVersion">Such as <c>v10.0</c>.</param>
    /// <param name="selfContained">Whether the program brings its own .NET.</param>
    public static FunctionRuntime? Of(string targetFrameworkVersion, bool selfContained)
    {
        if (selfContained)
            return new FunctionRuntime(Provided);
        return Version.TryParse(targetFrameworkVersion.TrimStart('v', 'V'), out var version) && version.Major >= 5
            ? new FunctionRuntime(Dotnet + version.Major.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Reads LambdaRuntime. Throws LLC2336 for what is no runtime's name.</summary>
    public static FunctionRuntime Parse(string text) =>
        RuntimeName().IsMatch(text.Trim()) ? new FunctionRuntime(text.Trim()) : throw TaskImageErrors.UnknownRuntime(text);

    /// <summary>
    /// What an AWS base image runs, by its name and tag, under which mirrors have it too; null for any other image. The
    /// configs of AWS's images are the same for all languages but .NET.
    /// </summary>
    public static FunctionRuntime? OfBaseImage(ImageReference? image)
    {
        if (image is null || LambdaRepository().Match(image.Repository) is not { Success: true } match)
            return null;
        var family = match.Groups["family"].Value;
        var version = TagVersion().Match(image.Tag ?? "").Value;
        return new FunctionRuntime((family, version) switch
        {
            (_, "") => family,
            ("nodejs", _) => $"nodejs{version.Split('.')[0]}.x",
            (Provided, _) => $"{Provided}.{version}",
            ("python" or "ruby", _) => family + string.Join('.', version.Split('.').Take(2)),
            ("java", _) when version.Contains("al2", StringComparison.Ordinal) => family + version,
            ("java" or Dotnet, _) => family + version.Split('.')[0],
            _ => family,
        });
    }

    /// <summary>
    /// Whether a layer for <paramref name="runtime"/> is meant for this function. Odd versions of .NET have no runtime
    /// that a publisher could name: any of .NET's will do, as will any of a family whose version is not known.
    /// </summary>
    public bool IsMetBy(string runtime) => Name == Family || IsProvided
        ? new FunctionRuntime(runtime).Family == Family
        : runtime == Name || (IsOddDotnet && runtime.StartsWith(Dotnet, StringComparison.Ordinal));

    private bool IsOddDotnet => Family == Dotnet
        && int.TryParse(Name.AsSpan(Dotnet.Length), CultureInfo.InvariantCulture, out var version) && version % 2 == 1;

    [GeneratedRegex(@"\A[a-z]+")]
    private static partial Regex FamilyName();

    [GeneratedRegex(@"\A(python|nodejs|java|ruby|dotnet|provided|go)[\w.]*\z")]
    private static partial Regex RuntimeName();

    [GeneratedRegex(@"(?:\A|/)(?:aws-)?lambda[/-](?<family>python|nodejs|java|ruby|dotnet|provided|go)\z")]
    private static partial Regex LambdaRepository();

    // 3.13, 3.13-arm64, 3.13.2025.10.01.12, al2023, 8.al2
    [GeneratedRegex(@"\A(al\d+|\d+\.al\d+|\d+(\.\d+)?)")]
    private static partial Regex TagVersion();
}
