namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>A failure that the user can understand and mend; the tasks turn it into one MSBuild error.</summary>
/// <remarks>A feature derives from it where code has to tell its failures apart: by type, never by code.</remarks>
internal class LayersException(Diagnostic diagnostic, Exception? inner = null)
    : Exception(diagnostic.Text, inner)
{
    public LayersException(string code, string message, Exception? inner = null)
        : this(new Diagnostic(code, message), inner)
    {
    }

    /// <summary>The coded message, with the item that it is about once that is known.</summary>
    public Diagnostic Diagnostic { get; private set; } = diagnostic;

    /// <summary>All that failed, where that is more than one thing; each is told as an error of its own.</summary>
    public virtual IReadOnlyList<Diagnostic> Diagnostics => [Diagnostic];

    public override string Message => Diagnostic.Text;

    /// <summary>The same failure, attributed to <paramref name="item"/> unless it already names one.</summary>
    public LayersException For(ItemOrigin? item)
    {
        if (Diagnostic.Item is null && item is not null)
            Diagnostic = Diagnostic with { Item = item };
        return this;
    }
}
