using System.Globalization;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// The Lambda runtime that a function would have without a container image, by which publishers say what a layer is for
/// (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html).
/// </summary>
/// <param name="Name"><c>dotnet10</c>, or <c>provided</c> for a program that brings its own .NET.</param>
internal sealed record FunctionRuntime(string Name)
{
    private const string Provided = "provided";
    private const string Dotnet = "dotnet";

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

    /// <summary>
    /// Whether a layer for <paramref name="runtime"/> is meant for this function. Odd versions of .NET have no runtime
    /// that a publisher could name: any of .NET's will do.
    /// </summary>
    public bool IsMetBy(string runtime) => Name == Provided
        ? runtime.StartsWith(Provided, StringComparison.Ordinal)
        : runtime == Name || (IsOdd && runtime.StartsWith(Dotnet, StringComparison.Ordinal));

    private bool IsOdd => int.TryParse(Name.AsSpan(Dotnet.Length), CultureInfo.InvariantCulture, out var version) && version % 2 == 1;
}
