using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Verification;

/// <summary>One place where an image breaks a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">After what the project has set.</param>
/// <param name="Message">What is wrong and how to mend it; no secret, names made safe to show.</param>
internal sealed record Finding(ImageRule Rule, RuleSeverity Severity, string Message)
{
    /// <summary>The file in the image that it is about, absolute; null for the image as a whole.</summary>
    public string? Path { get; init; }

    /// <summary>Index of the layer that it is about, bottom first; null for none.</summary>
    public int? Layer { get; init; }

    /// <summary>The <c>LambdaLayer</c> item whose layer it is about, where one is.</summary>
    public ItemOrigin? Item { get; init; }

    /// <summary>The finding as users see it, with the rule's source.</summary>
    public Diagnostic Diagnostic => new(Rule.Code, $"{Message} ({Rule.Source})", Item);
}
