using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>LLC4003 to LLC4009: between the .NET SDK and the image that is published.</summary>
internal static class ImageErrors
{
    public static LayersException NotLinux(string platform) => new(
        "LLC4003",
        $"Lambda runs Linux images; '{platform}' cannot get Lambda layers. Publish for linux-x64 or linux-arm64: "
        + "<RuntimeIdentifier>linux-x64</RuntimeIdentifier>.");

    public static LayersException NotFinished() => new(
        "LLC4005",
        "The .NET SDK did not finish the image; its own message is above. Nothing was published.");

    public static LayersException NotOnTheBase(Digest manifest) => new(
        "LLC4006",
        $"The .NET SDK made an image ({manifest.Short}) that is not the base image with one application layer on top. Nothing "
        + "was published. Another target may have changed ContainerBaseRegistry, ContainerBaseName or ContainerBaseTag after "
        + "they were set for the layers: leave these as they are, and set ContainerBaseImage instead.");

    public static LayersException NothingPushed(Digest blob) => new(
        "LLC4007",
        $"The .NET SDK named the blob {blob} of the image, but what it handed over is not that blob, or is nothing. Nothing was "
        + "published. Another target may have changed ContainerRegistry after it was set for the layers: leave it as it is in "
        + "targets that run before PublishContainer. And nothing else may write into LambdaLayersCacheDirectory.");

    public static LayersException StagingIsElsewhere() => new(
        "LLC4008",
        "The image that the .NET SDK made is not in this process, so that it cannot be finished. Nothing was published. "
        + "Publish with `dotnet publish`, or without out-of-process tasks (unset MSBUILDFORCEALLTASKSOUTOFPROC).");

    public static LayersException BadManifest(string problem) => new(
        "LLC4009", $"The .NET SDK gave a manifest of its image that cannot be used: {problem}. Nothing was published.");
}
