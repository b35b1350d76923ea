namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC3350-LLC3399: what a function's image would trip over when it runs.</summary>
internal static partial class ContentErrors
{
    public static LayersException TooManyExtensions(IReadOnlyList<string> extensions, int most) =>
        Error("LLC3350", $"The image has {extensions.Count} files in /opt/extensions, and Lambda starts at most {most} "
            + $"extensions for a function: {string.Join(", ", extensions)}. Leave out some of the layers that bring them.");

    public static Diagnostic FunctionIsIndex(IReadOnlyCollection<string> platforms) =>
        new("LLC3351", $"The image is made for {platforms.Count} platforms ({string.Join(", ", platforms)}), so its tag "
            + "will name an index, which Lambda refuses. Give functions the image of one platform: its tag ends in the "
            + "runtime identifier. Or publish for one: <RuntimeIdentifier>linux-x64</RuntimeIdentifier>.");

    public static LayersException PublishedManifestBroken(string path, string problem) =>
        Error("LLC3352", $"'{path}' is not a dependency manifest of .NET: {problem} Publish again after `dotnet clean`, or "
            + "leave dependencies and code together: <LambdaSplitDependencies>false</LambdaSplitDependencies>.");
}
