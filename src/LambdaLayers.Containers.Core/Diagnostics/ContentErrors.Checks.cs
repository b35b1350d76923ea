namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC3300 to LLC3349: layers against the image that they go into.</summary>
internal static partial class ContentErrors
{
    public static LayersException WrongArchitecture(IReadOnlyList<string> compatible, string platform) =>
        Error("LLC3301", $"Its publisher made it for {string.Join(" and ", compatible)}, the image is for {platform}. Take the "
            + "layer's other variant (publishers often have an ARN for each architecture), or publish for the layer's "
            + $"architecture (<RuntimeIdentifier>{RidFor(compatible)}</RuntimeIdentifier>). For an image of several "
            + $"architectures, name one ARN for each: <LambdaLayer Include=\"…\" Architecture=\"{ShortFor(compatible)}\" />.");

    public static LayersException WrongMachine(string imagePath, string machine, string platform) =>
        Error("LLC3302", $"'{Shown(imagePath)}' is a program or library for {machine}, and the layer holds none for {platform}, "
            + "which the image is for. Take the layer's other variant, or publish for the layer's architecture "
            + $"(<RuntimeIdentifier>linux-{machine}</RuntimeIdentifier>).");

    public static Diagnostic MixedMachines(string imagePath, string machine, string platform) => new(
        "LLC3303",
        $"'{Shown(imagePath)}' is for {machine}, other files are for {platform}, which the image is for. If it is started or "
        + "loaded there, it fails; remove it, or put each architecture into a layer of its own with the Architecture metadata.");

    public static Diagnostic OtherRuntimes(IReadOnlyList<string> compatible, string runtime) => new(
        "LLC3304",
        $"its publisher names the runtimes {string.Join(", ", compatible)}, the function's is {runtime}. It may hold files "
        + "that only those runtimes find (/opt/python, /opt/nodejs); if that is not so, ignore this with "
        + "<NoWarn>$(NoWarn);LLC3304</NoWarn>.");

    private static string RidFor(IReadOnlyList<string> compatible) => "linux-" + ShortFor(compatible);

    private static string ShortFor(IReadOnlyList<string> compatible) => compatible.Contains("arm64") ? "arm64" : "x64";
}
