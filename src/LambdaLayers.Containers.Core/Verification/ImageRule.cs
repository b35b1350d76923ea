namespace LambdaLayers.Containers.Core.Verification;

/// <summary>
/// One thing that Lambda would refuse, or that would fail there, and how to see it in an image. A rule has one code,
/// says everything at once, and is silent about what it cannot know because a layer was not at hand.
/// </summary>
/// <param name="code"><c>LLC</c> and four digits, its section in docs/diagnostics.md.</param>
/// <param name="severity">How bad it is unless the project says otherwise.</param>
/// <param name="title">What is wrong, in a few words; a report's name of the rule.</param>
/// <param name="source">Where it is written that this does not work: an address, or what was tried.</param>
internal abstract class ImageRule(string code, RuleSeverity severity, string title, string source)
{
    public string Code => code;

    public RuleSeverity Severity => severity;

    public string Title => title;

    public string Source => source;

    /// <summary>Everything in the image that breaks the rule.</summary>
    public virtual Task<IReadOnlyList<Finding>> CheckAsync(InspectedImage image, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([.. Check(image)]);

    /// <summary>The same for a rule that reads no file's content.</summary>
    protected virtual IEnumerable<Finding> Check(InspectedImage image) => [];

    /// <summary>One finding of this rule.</summary>
    /// <param name="message">What is wrong and how to mend it.</param>
    /// <param name="path">The file in the image that it is about; null for the image as a whole.</param>
    /// <param name="layer">Index of the layer that it is about, bottom first; null for none.</param>
    protected Finding Found(string message, string? path = null, int? layer = null) => new(this, severity, message)
    {
        Path = path,
        Layer = layer,
    };
}

/// <summary>How bad a finding is.</summary>
internal enum RuleSeverity
{
    /// <summary>Worth knowing; shown with detailed output and in reports.</summary>
    Note,

    /// <summary>May fail, or is surely not meant.</summary>
    Warning,

    /// <summary>Fails in Lambda: stops the push.</summary>
    Error,
}
