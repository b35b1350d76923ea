namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC5xxx: this machine, its tools and versions.</summary>
internal static partial class EnvironmentErrors
{
    private static LayersException Error(string code, string message, Exception? inner = null) =>
        new(new Diagnostic(code, message), inner);
}
