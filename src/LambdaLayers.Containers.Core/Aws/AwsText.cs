using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>Makes what AWS or the SDK wrote fit for a log line.</summary>
internal static partial class AwsText
{
    private const int MaximumLength = 300;

    /// <summary>
    /// The first line, without response bodies, query strings, authorization headers and anything as long as a token;
    /// never empty.
    /// </summary>
    public static string Sanitize(string? text)
    {
        var line = (text ?? "").Trim().Split('\r', '\n')[0];
        // What the SDK appends when the answer was no JSON.
        if (line.IndexOf("HTTP Body:", StringComparison.Ordinal) is >= 0 and var body)
            line = line[..body];
        line = Queries().Replace(line, "");
        line = Authorization().Replace(line, "[removed]");
        line = Tokens().Replace(line, "[removed]").Trim();
        if (line.Length > MaximumLength)
            line = line[..MaximumLength] + "…";
        return line.Length == 0 ? "no explanation" : line.TrimEnd('.');
    }

    [GeneratedRegex(@"(?<=https?://[^\s?]*)\?\S*", RegexOptions.CultureInvariant)]
    private static partial Regex Queries();

    [GeneratedRegex(@"AWS4-HMAC-SHA256.*|Authorization[=:].*", RegexOptions.CultureInvariant)]
    private static partial Regex Authorization();

    // Access key ids, and base64 runs longer than any name, role or digest in an AWS message (a digest has 64 digits).
    [GeneratedRegex(@"\b(AKIA|ASIA)[A-Z0-9]{12,}\b|[A-Za-z0-9+/=_-]{100,}", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
