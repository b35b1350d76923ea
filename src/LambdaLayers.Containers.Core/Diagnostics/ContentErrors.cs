namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC3xxx: what a layer holds.</summary>
internal static partial class ContentErrors
{
    private static LayersException Error(string code, string message, Exception? inner = null) =>
        new(new Diagnostic(code, message), inner);

    private static string Shown(string name) => DisplayText.Name(name);
}
