namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>A failure that the user can understand and mend; the tasks turn it into one MSBuild error.</summary>
internal sealed class LayersException(Diagnostic diagnostic, Exception? inner = null)
    : Exception(diagnostic.Text, inner)
{
    /// <summary>The coded message.</summary>
    public Diagnostic Diagnostic { get; } = diagnostic;

    /// <summary>The same failure, attributed to <paramref name="item"/> unless it already names one.</summary>
    public LayersException For(ItemOrigin item) =>
        Diagnostic.Item is null ? new LayersException(Diagnostic with { Item = item }, InnerException) : this;
}
