using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// What is known about a layer's content without opening it again. Recorded in the cache and the lock file, so that
/// every check gives the same answer with and without the bytes.
/// </summary>
internal sealed record LayerFacts
{
    /// <summary>For a layer whose files nobody has looked at.</summary>
    public static LayerFacts Unknown { get; } = new();

    /// <summary>Files and links, without folders.</summary>
    public int Files { get; init; }

    /// <summary>Sum of file lengths in bytes.</summary>
    public long UncompressedSize { get; init; }

    /// <summary>Names of the files and links directly in <c>/opt/extensions</c>, sorted: what Lambda starts.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>
    /// ELF machine (<c>x64</c>, <c>arm64</c>, or <c>elf-N</c> for others) to the absolute image path of the first such file.
    /// </summary>
    public IReadOnlyDictionary<string, string> NativeFiles { get; init; } = new SortedDictionary<string, string>();

    /// <summary>Absolute image paths of the <c>artifact.xml</c> files of .NET runtime package stores, sorted.</summary>
    public IReadOnlyList<string> StoreManifests { get; init; } = [];

    /// <summary>Absolute image paths of the .NET runtime package stores (<c>…/dotnetcore/store</c>) with files in them, sorted.</summary>
    public IReadOnlyList<string> Stores { get; init; } = [];

    /// <summary>Whether the layer brings <c>/opt/bootstrap</c>, a custom runtime.</summary>
    public bool HasBootstrap { get; init; }

    /// <summary>
    /// Absolute image paths of what can be a wrapper script: executable files directly in <c>/opt</c>, and those in folders
    /// that vendors document; sorted.
    /// </summary>
    public IReadOnlyList<string> Programs { get; init; } = [];

    /// <summary>What the user should change in the layer; shown on every publish, from the cache too.</summary>
    public IReadOnlyList<Diagnostic> Warnings { get; init; } = [];
}
