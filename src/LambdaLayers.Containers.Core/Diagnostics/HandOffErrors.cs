namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC4xxx: the hand-off to the .NET SDK.</summary>
internal static partial class HandOffErrors
{
    private static LayersException Error(string code, string message, Exception? inner = null) =>
        new(new Diagnostic(code, message), inner);
}
