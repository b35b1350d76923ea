using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>
/// Recomputes Signature Version 4 from the bytes on the wire, independently of any SDK
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
internal sealed class SignatureVerifier(TimeProvider clock)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    // The services allow for this much difference between the two clocks.
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5);

    private static readonly Regex Authorization = new(
        @"^AWS4-HMAC-SHA256 Credential=(?<key>[^/,\s]+)/(?<date>\d{8})/(?<region>[^/]+)/(?<service>[^/]+)/aws4_request,\s*"
        + "SignedHeaders=(?<headers>[^,]+),\\s*Signature=(?<signature>[0-9a-f]{64})$",
        RegexOptions.CultureInvariant);

    private readonly ConcurrentDictionary<string, AwsKey> _keys = new();

    public void Accept(AwsKey key) => _keys[key.AccessKeyId] = key;

    public void Revoke(AwsKey key) => _keys.TryRemove(key.AccessKeyId, out _);

    /// <exception cref="AwsException">The error that AWS documents for what is wrong with the signature.</exception>
    public SignatureScope Verify(SeenRequest request)
    {
        var header = request.Header("Authorization")
            ?? throw new AwsException(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        var parsed = Authorization.Match(header);
        if (!parsed.Success)
        {
            throw new AwsException(403, "IncompleteSignatureException", "Authorization header is not of the form AWS4-HMAC-SHA256.");
        }

        var key = Key(parsed.Groups["key"].Value, request);
        var time = Time(request, parsed.Groups["date"].Value);
        var signed = parsed.Groups["headers"].Value.Split(';');
        RequireSigned(request, signed);

        var scope = $"{parsed.Groups["date"].Value}/{parsed.Groups["region"].Value}/{parsed.Groups["service"].Value}/aws4_request";
        var canonical = CanonicalRequest(request, signed);
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var expected = scope.Split('/').Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + key.SecretAccessKey), (secret, part) => Hmac(secret, part));
        var signature = Encoding.ASCII.GetBytes(Hex(Hmac(expected, toSign)));
        if (!CryptographicOperations.FixedTimeEquals(signature, Encoding.ASCII.GetBytes(parsed.Groups["signature"].Value)))
        {
            throw Invalid(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
                + $"Key and signing method. Canonical request seen here:\n{canonical}");
        }

        return new SignatureScope(parsed.Groups["service"].Value, parsed.Groups["region"].Value, key.AccessKeyId);
    }

    private AwsKey Key(string id, SeenRequest request)
    {
        if (!_keys.TryGetValue(id, out var key) || key.SessionToken != request.Header("X-Amz-Security-Token"))
        {
            throw new AwsException(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        return key.Expires <= clock.GetUtcNow() ? throw AwsException.ExpiredToken() : key;
    }

    private string Time(SeenRequest request, string date)
    {
        var text = request.Header("X-Amz-Date") ?? "";
        if (!DateTimeOffset.TryParseExact(
            text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            || !text.StartsWith(date, StringComparison.Ordinal))
        {
            throw new AwsException(403, "IncompleteSignatureException", "Authorization header requires a valid 'X-Amz-Date' header.");
        }

        var now = clock.GetUtcNow();
        return (now - time).Duration() <= MaxSkew
            ? text
            : throw Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Signature expired: {text} is now earlier than {now - MaxSkew:yyyyMMdd'T'HHmmss'Z'} "
                + $"({now:yyyyMMdd'T'HHmmss'Z'} - 5 min.)"));
    }

    private static void RequireSigned(SeenRequest request, string[] signed)
    {
        var missing = request.Headers.Keys
            .Select(name => name.ToLowerInvariant())
            .Where(name => name == "host" || name.StartsWith("x-amz-", StringComparison.Ordinal))
            .FirstOrDefault(name => !signed.Contains(name));
        if (missing is not null)
        {
            throw Invalid($"'{missing}' must be a 'SignedHeader' in the AWS Authorization.");
        }
    }

    private static string CanonicalRequest(SeenRequest request, string[] signed)
    {
        var headers = new StringBuilder();
        foreach (var name in signed)
        {
            var value = request.Header(name) ?? throw Invalid($"The signed header '{name}' is not in the request.");
            headers.Append(CultureInfo.InvariantCulture, $"{name}:{Regex.Replace(value.Trim(), " +", " ")}\n");
        }

        var hash = Hex(SHA256.HashData(request.Content));
        var declared = request.Header("X-Amz-Content-SHA256");
        if (declared is not null && declared != hash)
        {
            throw Invalid("The value of 'x-amz-content-sha256' is not the SHA-256 of the body.");
        }

        // Each segment is encoded once more than on the wire; only S3 differs.
        var path = string.Join('/', request.RawPath.Split('/').Select(Encode));
        return $"{request.Method}\n{path}\n{CanonicalQuery(request.RawQuery)}\n{headers}\n{string.Join(';', signed)}\n{hash}";
    }

    private static string CanonicalQuery(string raw) => string.Join('&', raw
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Reencode(pair[0]), Value: pair.Length == 2 ? Reencode(pair[1]) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Reencode(string text) => Encode(Uri.UnescapeDataString(text));

    // EscapeDataString leaves exactly RFC 3986's unreserved characters, as the signature wants.
    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static AwsException Invalid(string message) => new(403, "InvalidSignatureException", message);

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
