using System.Net.Http.Headers;
using System.Text;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// One way to log in that a 401 offers (RFC 9110, 11.6.1;
/// https://distribution.github.io/distribution/spec/auth/token/).
/// </summary>
/// <param name="Scheme">As sent: <c>Bearer</c>, <c>Basic</c>.</param>
/// <param name="Parameters">Names in lower case; the first of equal names counts.</param>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    /// <summary>The token service, for Bearer.</summary>
    public string? Realm => Parameters.GetValueOrDefault("realm");

    public string? Service => Parameters.GetValueOrDefault("service");

    public string? Scope => Parameters.GetValueOrDefault("scope");

    /// <summary>Every challenge of an answer, in order.</summary>
    public static IReadOnlyList<AuthChallenge> Of(HttpResponseMessage response) =>
        [.. response.Headers.WwwAuthenticate.Select(Of)];

    private static AuthChallenge Of(AuthenticationHeaderValue header) =>
        new(header.Scheme, ReadParameters(header.Parameter ?? ""));

    // name=token or name="quoted, with commas and \" escapes", separated by commas.
    private static Dictionary<string, string> ReadParameters(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0)
                break;
            var name = text[at..equals].Trim(' ', '\t', ',').ToLowerInvariant();
            (var value, at) = ReadValue(text, equals + 1);
            parameters.TryAdd(name, value);
        }

        return parameters;
    }

    private static (string Value, int Next) ReadValue(string text, int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        if (at == text.Length || text[at] != '"')
        {
            var comma = text.IndexOf(',', at);
            var end = comma < 0 ? text.Length : comma;
            return (text[at..end].Trim(), end + 1);
        }

        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            value.Append(text[at]);
        }

        return (value.ToString(), at + 1);
    }
}
