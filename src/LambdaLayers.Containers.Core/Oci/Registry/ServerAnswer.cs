using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// What a registry says about its refusal: <c>{"errors":[{"code","message"}]}</c> (distribution spec, "Error Codes").
/// </summary>
/// <param name="Code">Such as <c>MANIFEST_UNKNOWN</c>, or null.</param>
/// <param name="Message">Its words, fit for a log: one line, short, without secrets and query strings.</param>
internal sealed partial record ServerAnswer(string? Code, string? Message)
{
    private const int MaximumLength = 300;

    /// <summary>No words.</summary>
    public static ServerAnswer None { get; } = new(null, null);

    /// <summary>A sentence to append to a message, or nothing.</summary>
    public string Sentence =>
        (Code, Message) switch
        {
            (null, null) => "",
            ({ } code, null) => $" It says: {code}.",
            (null, { } message) => $" It says: {message.TrimEnd('.')}.",
            ({ } code, { } message) => $" It says: {code}, {message.TrimEnd('.')}.",
        };

    /// <summary>
    /// Reads the first error. <paramref name="secrets"/> are what was sent: a server may echo it, and logs are kept.
    /// </summary>
    public static ServerAnswer Parse(ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        try
        {
            var json = OciJson.ReadObject(body);
            var first = json["errors"] is JsonArray { Count: > 0 } errors ? errors[0] as JsonObject : json;
            if (first is null)
                return None;
            var code = Text(first, "code");
            // Token services speak OAuth: {"error","error_description"}; some speak {"details"} or {"message"}.
            var message = Text(first, "message") ?? Text(first, "error_description") ?? Text(first, "details")
                ?? Text(first, "error");
            var kept = secrets.Where(x => x.Length > 0).OrderByDescending(x => x.Length).ToList();
            return new ServerAnswer(Clean(code, kept), Clean(message, kept));
        }
        catch (FormatException)
        {
            return None;
        }
    }

    private static string? Text(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static string? Clean(string? text, IReadOnlyList<string> secrets)
    {
        if (text is null)
            return null;
        foreach (var secret in secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        text = QueryString().Replace(text, "?***");
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            clean.Append(char.IsControl(c) ? ' ' : c);
        return clean.Length <= MaximumLength ? clean.ToString() : clean.ToString(0, MaximumLength) + "…";
    }

    [GeneratedRegex(@"(?<=://\S*)\?\S*", RegexOptions.CultureInvariant)]
    private static partial Regex QueryString();
}
