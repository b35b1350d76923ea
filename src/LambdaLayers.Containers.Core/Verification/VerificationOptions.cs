using System.IO.Enumeration;
using LambdaLayers.Containers.Core.Verification.Rules;

namespace LambdaLayers.Containers.Core.Verification;

/// <summary>What a project says about verification.</summary>
internal sealed record VerificationOptions
{
    /// <summary>In <see cref="AsWarning"/>: every rule.</summary>
    public const string All = "all";

    /// <summary>Whether images are verified before they are published (LambdaVerify).</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Codes of rules whose errors are warnings (LambdaVerifyAsWarning); <see cref="All"/> for every rule.
    /// </summary>
    public IReadOnlyList<string> AsWarning { get; init; } = [];

    /// <summary>What may be in an image although a rule objects (LambdaVerifyAllow).</summary>
    public IReadOnlyList<AllowedFile> Allowed { get; init; } = [];

    /// <summary>Absolute path of the SARIF file to write (LambdaVerifyReport); null for none.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Codes as a property lists them; LLC2182 for what is none.</summary>
    public static IReadOnlyList<string> ReadCodes(string property, IReadOnlyList<string> codes) =>
        codes.FirstOrDefault(code => !code.Equals(All, StringComparison.OrdinalIgnoreCase)
            && !AllRules.List.Any(rule => rule.Code.Equals(code, StringComparison.OrdinalIgnoreCase))) is { } unknown
            ? throw VerificationErrors.NotACode(property, unknown)
            : codes;

    /// <summary>The finding as this project wants it; null for one that it allows.</summary>
    public Finding? Apply(Finding finding)
    {
        if (Allowed.Any(allowed => allowed.Covers(finding)))
            return null;
        return finding.Severity == RuleSeverity.Error && AsWarning.Any(code =>
            code.Equals(finding.Rule.Code, StringComparison.OrdinalIgnoreCase) || code.Equals(All,
                StringComparison.OrdinalIgnoreCase))
            ? finding with { Severity = RuleSeverity.Warning }
            : finding;
    }
}

/// <summary>Files that may break a rule, written <c>PATTERN</c> or <c>CODE:PATTERN</c>.</summary>
/// <param name="Code">The rule; null for every rule but the one about live credentials.</param>
/// <param name="Pattern">Absolute path in the image; <c>*</c> stands for any characters, <c>/</c> too.</param>
internal sealed record AllowedFile(string? Code, string Pattern)
{
    /// <summary>The rule that is only turned off by its name.</summary>
    public const string OnlyByName = "LLC3570";

    /// <summary>Reads one; a code in front of the colon is recognised by its letters.</summary>
    public static AllowedFile Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && text.StartsWith("LLC", StringComparison.OrdinalIgnoreCase)
            ? new AllowedFile(text[..colon].ToUpperInvariant(), text[(colon + 1)..])
            : new AllowedFile(null, text);
    }

    /// <summary>Whether the finding is about such a file.</summary>
    public bool Covers(Finding finding) => finding.Path is { } path
        && (Code is null ? finding.Rule.Code != OnlyByName : Code == finding.Rule.Code)
        && FileSystemName.MatchesSimpleExpression(Pattern, path, ignoreCase: false);
}
