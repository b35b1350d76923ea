namespace LambdaLayers.Containers.Core.Diagnostics;

internal static partial class HandOffErrors
{
    public static LayersException NoLoopbackPort(Exception inner) =>
        Error("LLC4002", "No port could be opened on 127.0.0.1 to hand the base image to the .NET SDK: "
            + $"{inner.Message} Allow this process to listen on the loopback interface.", inner);
}
