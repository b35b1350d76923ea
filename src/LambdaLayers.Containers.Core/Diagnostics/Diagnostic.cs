namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>One coded message for the user: what failed, which item, and how to mend it.</summary>
/// <param name="Code"><c>LLC</c> and four digits; the bands are in docs/diagnostics.md.</param>
/// <param name="Message">Text without the item's name and without secrets or query strings.</param>
/// <param name="Item">The item it is about, where one is.</param>
internal sealed record Diagnostic(string Code, string Message, ItemOrigin? Item = null)
{
    /// <summary>The documentation of this code.</summary>
    public string HelpLink => $"{DocumentationUrl}#{Code.ToLowerInvariant()}";

    /// <summary>The message as users see it, led by the item that it is about.</summary>
    public string Text => DisplayText.Line(Item switch
    {
        null => Message,
        { Property: { } property } => $"{property}: {Message}",
        _ => $"LambdaLayer '{Item.DisplayName}': {Message}",
    });

    private const string DocumentationUrl =
        "https://github.com/lambdalayers/LambdaLayers.Containers/blob/main/docs/diagnostics.md";
}
