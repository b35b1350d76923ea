using LambdaLayers.Containers.Core.Diagnostics;
using static LambdaLayers.Containers.Core.Diagnostics.DisplayText;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>LLC3200 to LLC3299: layers out of container images.</summary>
internal static class RootfsErrors
{
    /// <param name="topLevel">What the image's root holds.</param>
    /// <param name="layerRoots">Folders that look like a layer's root, the likeliest first.</param>
    public static LayersException NothingUnderSourcePath(
        string sourcePath, IReadOnlyList<string> topLevel, IReadOnlyList<string> layerRoots)
    {
        var holds = topLevel.Count == 0
            ? "The image holds no files at all."
            : $"Its root holds {string.Join(", ", topLevel.Select(Name))}.";
        var extensions = layerRoots.Count == 0
            ? ""
            : $" Extensions are in {string.Join(", ", layerRoots.Select(r => Name(r + "/extensions")))}.";
        var example = layerRoots.Count > 0 ? layerRoots[0] : topLevel.FirstOrDefault(t => t != sourcePath) ?? "/path";
        return new LayersException(
            "LLC3200",
            $"the image has nothing under '{Name(sourcePath)}'. {holds}{extensions} Say where the layer's files are: "
            + $"<LambdaLayer Include=\"…\" SourcePath=\"{Name(example)}\" />.");
    }

    /// <param name="layer">Digest of the layer's blob.</param>
    public static UnreadableLayerException ImageLayerDamaged(string layer, string detail, Exception? inner = null) => new(
        "LLC3201",
        $"the layer {layer} of the image cannot be unpacked: {detail}. Build and push the image again.", detail, inner);

    public static LayersException ImageLayerWrongDiffId(string layer, string expected, string actual) => new(
        "LLC3202",
        $"the layer {layer} of the image unpacks to {actual}, but the image's configuration says {expected}. Nothing of it "
        + "was used. Build and push the image again.");

    public static LayersException ImageLayerOfUnknownType(string layer, string mediaType) => new(
        "LLC3203",
        $"the layer {layer} of the image is a '{Name(mediaType)}', not a tar of files"
        + (mediaType.EndsWith("+encrypted", StringComparison.Ordinal)
            ? ". Encrypted images cannot be read: push a decrypted one."
            : ". It is an artefact, not a container image; name an image."));

    public static LayersException EntryIsSparse(string name) => new(
        "LLC3204",
        $"the entry '{Name(name)}' is a sparse file (a GNU tar extension). Build the image without it, or with a tool that "
        + "writes it out: 'tar' without --sparse.");

    public static UnreadableLayerException ImageTooLarge(string what, long limit) => new(
        "LLC3205",
        $"the image's layers hold more than {Number(limit)} {what}. That is more than an image to take a layer from can have.",
        $"it holds more than {Number(limit)} {what}");
}

/// <summary>The content of a layer is damaged, or too much.</summary>
/// <param name="detail">What is wrong with it, in a few words: the rest of a sentence about the layer.</param>
internal sealed class UnreadableLayerException(string code, string message, string detail, Exception? inner = null)
    : LayersException(code, message, inner)
{
    public string Detail => detail;
}
