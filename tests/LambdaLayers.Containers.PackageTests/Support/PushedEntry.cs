using System.Formats.Tar;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>One entry of an image layer's tar.</summary>
/// <param name="Length">Of the content, in bytes.</param>
public sealed record PushedEntry(string Name, TarEntryType Type, string LinkName, long Length, UnixFileMode Mode);
