using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// LLC2321 and LLC2322, LLC330x, LLC3590, LLC400x and LLC5009: layers against the image that they go into, and the way from the .NET
/// SDK's image to the one that is published.
/// </summary>
internal static class ImageErrors
{
    // Rules of verification look for these in images, too.
    public const string WrongMachineCode = "LLC3302";
    public const string MixedMachinesCode = "LLC3303";

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

    public static LayersException WrongArchitecture(IReadOnlyList<string> compatible, string platform) =>
        new("LLC3301", $"Its publisher made it for {string.Join(" and ", compatible)}, the image is for {platform}. Take the "
            + "layer's other variant (publishers often have an ARN for each architecture), or publish for the layer's "
            + $"architecture (<RuntimeIdentifier>{PlatformFor(compatible).RuntimeIdentifier}</RuntimeIdentifier>). For an image of several "
            + $"architectures, name one ARN for each: <LambdaLayer Include=\"…\" Architecture=\"{PlatformFor(compatible).DotnetArchitecture}\" />.");

    public static LayersException WrongMachine(string imagePath, string machine, string platform) =>
        new(WrongMachineCode, $"'{DisplayText.Name(imagePath)}' is a program or library for {machine}, and the layer holds none for {platform}, "
            + "which the image is for. Take the layer's other variant, or publish for the layer's architecture "
            + $"(<RuntimeIdentifier>linux-{machine}</RuntimeIdentifier>).");

    public static Diagnostic MixedMachines(string imagePath, string machine, string platform) => new(
        MixedMachinesCode,
        $"'{DisplayText.Name(imagePath)}' is for {machine}, other files are for {platform}, which the image is for. If it is started or "
        + "loaded there, it fails; remove it, or put each architecture into a layer of its own with the Architecture metadata.");

    public static Diagnostic OtherRuntimes(IReadOnlyList<string> compatible, string runtime) => new(
        "LLC3304",
        $"its publisher names the runtimes {string.Join(", ", compatible)}, the function's is {runtime}. It may hold files "
        + "that only those runtimes find (/opt/python, /opt/nodejs); if that is not so, ignore this with "
        + "<NoWarn>$(NoWarn);LLC3304</NoWarn>.");

    public static LayersException LayerImageHasNoDestination() =>
        new("LLC2321", "A layer image goes to a registry or into an archive, not to a container daemon. Add "
            + "-p:ContainerRegistry=123456789012.dkr.ecr.us-east-1.amazonaws.com, or "
            + "-p:ContainerArchiveOutputPath=layer.tar.gz.");

    public static LayersException LayerImageIsEmpty() =>
        new("LLC2322", "A layer image is made of LambdaLayer items, and the project has none for its platform: "
            + "<LambdaLayer Include=\"layers/tools/\" />.");

    public static LayersException CannotWriteArchive(string path, Exception inner) =>
        new("LLC5009", $"The archive '{path}' cannot be written: {inner.Message} "
            + "Set ContainerArchiveOutputPath to a file that this user can write.", inner);

    public static LayersException NotAnArchive(string path, string problem, Exception? inner = null) =>
        new("LLC3590", $"'{path}' cannot be read as an image: {problem}. It takes an archive or folder with an OCI image layout, or what "
            + "`docker save` writes.", inner);

    private static Platform PlatformFor(IReadOnlyList<string> compatible) =>
        compatible.Contains(Platform.LinuxArm64.LambdaArchitecture) ? Platform.LinuxArm64 : Platform.LinuxAmd64;
}
