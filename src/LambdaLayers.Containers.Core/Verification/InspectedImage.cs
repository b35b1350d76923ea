using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification;

/// <summary>An image with all that is known of it: what rules look at.</summary>
/// <param name="Image">Manifest, config and layers.</param>
/// <param name="Layers">What is in each layer, bottom first; null for one that was not at hand.</param>
/// <param name="Files">What the layers add up to.</param>
internal sealed record InspectedImage(Image Image, IReadOnlyList<LayerContent?> Layers, FileTree Files)
{
    /// <summary>
    /// What the project says of its function; null for an image of which nothing but itself is known.
    /// </summary>
    public FunctionSettings? Function { get; init; }

    /// <summary>
    /// Whether it is run, as the image of a function; false for one that holds layers and nothing else.
    /// </summary>
    public bool IsRun { get; init; } = true;

    /// <summary>The index that the image was found by; null for an image that has a tag of its own.</summary>
    public ImageIndex? Index { get; init; }

    /// <summary>
    /// Whether manifest and layers came out of a registry or go to one as they are; false for <c>docker save</c>'s old
    /// archives, which have neither media types nor compression.
    /// </summary>
    public bool HasManifest { get; init; } = true;

    /// <summary>Whether a layer is looked at for secrets: not those of a base image that is only built on.</summary>
    public Func<Layer, bool> IsAdded { get; init; } = static _ => true;

    public ImageConfig Config => Image.Config;

    /// <summary>
    /// Whether it lies on a base image. One on the empty base is made to be looked at or built on: what only a base could bring
    /// is not missed there.
    /// </summary>
    public bool HasBase { get; init; } = true;

    /// <summary>Whether every file is known that there will be when the image runs.</summary>
    public bool IsWhole => IsRun && HasBase && Layers.All(layer => layer is { Problem: null });

    /// <summary>
    /// Whether it starts with AWS's own entry point, which starts the runtime's bootstrap with the handler.
    /// </summary>
    public bool HasAwsEntryPoint => AwsBaseImage.StartsWithEntryPoint(Config);

    /// <summary>Whether AWS's .NET runtime loads or starts what CMD names; null for anything else.</summary>
    public string? DotnetHandler => IsRun && HasAwsEntryPoint && AwsBaseImage.HasDotnet(Config)
        && Config.Command is [var handler] ? handler : null;

    /// <summary>Where Lambda's runtimes look for the function.</summary>
    public string TaskRoot => Config.EnvironmentVariable("LAMBDA_TASK_ROOT") is { Length: > 0 } root
        ? root.TrimEnd('/') : "/var/task";

    /// <summary>How a message names a layer.</summary>
    public string NameOf(int layer) => $"layer {layer + 1} of {Layers.Count} ({Image.Layers[layer].Origin.Name})";

    /// <summary>
    /// Whether what is not among the known files is not in the image: all of them are known, or no base image brings
    /// anything there (<c>/opt</c>, the task root, the working directory of an application).
    /// </summary>
    public bool IsDecidable(string path) =>
        IsWhole || IsUnder(path, "/opt") || IsUnder(path, TaskRoot) || IsUnder(path, "/app")
        || (Function is { } function && IsUnder(path, function.WorkingDirectory));

    /// <summary>Whether the path is the folder or in it.</summary>
    public static bool IsUnder(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
