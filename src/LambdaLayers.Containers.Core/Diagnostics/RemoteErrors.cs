namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC1xxx: AWS, registries, the network.</summary>
internal static partial class RemoteErrors
{
    private static LayersException Error(string code, string message, Exception? inner = null) =>
        new(new Diagnostic(code, message), inner);
}
