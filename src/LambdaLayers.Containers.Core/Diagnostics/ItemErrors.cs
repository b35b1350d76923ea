namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC2xxx: items, properties and metadata.</summary>
internal static partial class ItemErrors
{
    private static LayersException Error(string code, string message, Exception? inner = null) =>
        new(new Diagnostic(code, message), inner);
}
