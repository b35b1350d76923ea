namespace LambdaLayers.Containers.Core.Diagnostics;

internal static partial class HandOffErrors
{
    public static LayersException NoLoopbackPort(Exception inner) =>
        Error("LLC4002", "No port could be opened on 127.0.0.1 to hand the base image to the .NET SDK: "
            + $"{inner.Message} Allow this process to listen on the loopback interface.", inner);

    public static LayersException NotLinux(string platform) =>
        Error("LLC4003", $"Lambda runs Linux images; '{platform}' cannot get Lambda layers. "
            + "Publish for linux-x64 or linux-arm64: <RuntimeIdentifier>linux-x64</RuntimeIdentifier>.");

    public static LayersException UnknownRuntimeIdentifier(string rid) =>
        Error("LLC4004", $"The runtime identifier '{rid}' names no platform that an image can be made for. "
            + "Lambda runs linux-x64 and linux-arm64.");
}
