using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.Core.Verification.Leaks;

/// <summary>What well-known secrets look like, each with enough around it that ordinary files do not match.</summary>
internal static partial class SecretShapes
{
    public const string AwsKey = "LLC3571";
    public const string PrivateKey = "LLC3572";
    public const string RegistryLogin = "LLC3573";
    public const string CredentialFile = "LLC3574";

    private const string PrivateKeyAnchor = "PRIVATE KEY-----";

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

    /// <summary>All that are told by content; <see cref="IsCredentialFile"/> goes by name too.</summary>
    public static IReadOnlyList<Shape> All { get; } =
    [
        new Shape(AwsKey, ["AKIA", "ASIA"], IsAwsKey),
        new Shape(PrivateKey, [PrivateKeyAnchor], IsPrivateKey),
        new Shape(RegistryLogin, ["\"auths\""], IsRegistryLogin),
        new Shape(CredentialFile, [":_authToken="], IsNpmToken),
    ];

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids: 20
    // characters, the secret has 40. Both must be there, near to each other: an id alone is no secret.
    private static bool IsAwsKey(string text, int at)
    {
        const int IdLength = 20;
        const int Near = 400;
        if (at + IdLength > text.Length || (at > 0 && IsIdCharacter(text[at - 1]))
            || (at + IdLength < text.Length && IsIdCharacter(text[at + IdLength])))
            return false;
        var id = text.AsSpan(at, IdLength);
        if (id.ContainsAnyExcept(IdCharacters) || id.EndsWith("EXAMPLE", StringComparison.Ordinal))
            return false;
        var start = Math.Max(0, at - Near);
        var around = text.AsSpan(start, Math.Min(text.Length, at + IdLength + Near) - start);
        foreach (var match in AwsSecret().EnumerateMatches(around))
        {
            if (IsRandom(around.Slice(match.Index, match.Length)))
                return true;
        }

        return false;
    }

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c);

    // Hex digests have 40 characters too, and base64 of text has few digits; documentation says EXAMPLE.
    private static bool IsRandom(ReadOnlySpan<char> secret)
    {
        const int FewestKinds = 16;
        Span<bool> seen = stackalloc bool[128];
        var (upper, lower, digit, different) = (false, false, false, 0);
        foreach (var c in secret)
        {
            upper |= char.IsAsciiLetterUpper(c);
            lower |= char.IsAsciiLetterLower(c);
            digit |= char.IsAsciiDigit(c);
            different += seen[c] ? 0 : 1;
            seen[c] = true;
        }

        return upper && lower && digit && different >= FewestKinds
            && !secret.Contains("EXAMPLE", StringComparison.Ordinal);
    }

    // https://www.rfc-editor.org/rfc/rfc7468: libraries have the words, only a key has base64 after them.
    private static bool IsPrivateKey(string text, int at)
    {
        const int Longest = 40;
        var line = text.AsSpan(Math.Max(0, at - Longest), Math.Min(at, Longest));
        var begin = line.LastIndexOf("-----BEGIN ", StringComparison.Ordinal);
        return begin >= 0 && !line[begin..].Contains('\n')
            && PemBody().IsMatch(text.AsSpan(at + PrivateKeyAnchor.Length));
    }

    // https://docs.docker.com/reference/cli/docker/login/#credential-stores: base64 of user and password.
    private static bool IsRegistryLogin(string text, int at)
    {
        foreach (var match in Auth().EnumerateMatches(text.AsSpan(at)))
        {
            var quoted = text.AsSpan(at + match.Index, match.Length);
            var value = quoted[(quoted[..^1].LastIndexOf('"') + 1)..^1];
            var bytes = new byte[value.Length];
            if (!Convert.TryFromBase64Chars(value, bytes, out var length))
                continue;
            var login = Encoding.Latin1.GetString(bytes, 0, length);
            var colon = login.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && colon < login.Length - 1 && !login.Any(char.IsControl))
                return true;
        }

        return false;
    }

    // https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration; ${NAME} is a variable, which is as
    // it should be.
    private static bool IsNpmToken(string text, int at) => NpmToken().IsMatch(text.AsSpan(at));

    /// <summary>
    /// Whether the file is one that programs keep secrets in, by its name and the content that such a file has.
    /// </summary>
    /// <param name="path">Absolute, in the image.</param>
    /// <param name="head">The beginning of its content.</param>
    public static bool IsCredentialFile(string path, ReadOnlySpan<byte> head)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name switch
        {
            ".env" => Matches(SecretVariable(), head),
            _ when name.StartsWith(".env.", StringComparison.Ordinal) =>
                name is not (".env.example" or ".env.sample" or ".env.template" or ".env.dist")
                && Matches(SecretVariable(), head),
            "credentials" => path.EndsWith("/.aws/credentials", StringComparison.Ordinal)
                && Matches(SecretVariable(), head),
            ".netrc" or "_netrc" => Matches(NetRc(), head),
            ".pypirc" => Matches(Password(), head),
            ".git-credentials" => Matches(UrlLogin(), head),
            _ => false,
        };
    }

    /// <summary>
    /// Whether the file came with a package from a public registry: what looks like a secret there is an example or a test's.
    /// </summary>
    public static bool IsOfPackage(string path) => path.Contains("/node_modules/", StringComparison.Ordinal)
        || path.Contains("/site-packages/", StringComparison.Ordinal);

    private static bool Matches(Regex regex, ReadOnlySpan<byte> head) => regex.IsMatch(Encoding.Latin1.GetString(head));

    [GeneratedRegex("(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")]
    private static partial Regex AwsSecret();

    [GeneratedRegex(@"\A\s*(?:[A-Za-z-]+:[^\n]*\n)*\s*[A-Za-z0-9+/=]{40}[A-Za-z0-9+/=\s]*-----END ")]
    private static partial Regex PemBody();

    [GeneratedRegex("\"auth\"\\s*:\\s*\"[A-Za-z0-9+/]{4,}={0,2}\"")]
    private static partial Regex Auth();

    [GeneratedRegex(@"\A:_authToken=""?[A-Za-z0-9_/+=.-]{16,}")]
    private static partial Regex NpmToken();

    [GeneratedRegex(@"(?im)^\s*(?:export\s+)?[A-Z0-9_.-]*(?:SECRET|TOKEN|PASSW(?:OR)?D|PWD|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIAL)[A-Z0-9_.-]*[ \t]*[=:][ \t]*[""']?[^\s""'$<{#]{6,}")]
    private static partial Regex SecretVariable();

    [GeneratedRegex(@"(?i)\bpassword\s+\S{4,}")]
    private static partial Regex NetRc();

    [GeneratedRegex(@"(?im)^\s*password[ \t]*[=:][ \t]*\S{4,}")]
    private static partial Regex Password();

    [GeneratedRegex(@"(?im)^https?://[^\s:/@]+:[^\s/@]{4,}@")]
    private static partial Regex UrlLogin();

    /// <summary>One kind of secret.</summary>
    /// <param name="Code">Of the rule that reports it.</param>
    /// <param name="Anchors">Texts that it cannot be without.</param>
    /// <param name="IsAt">Whether it is one, given the surroundings and where an anchor begins in them.</param>
    internal sealed record Shape(string Code, IReadOnlyList<string> Anchors, Func<string, int, bool> IsAt);
}
