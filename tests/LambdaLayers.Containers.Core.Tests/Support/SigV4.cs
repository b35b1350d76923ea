using System.Security.Cryptography;
using System.Text;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>
/// Recomputes the signature of a request from what was on the wire, independent of the SDK
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
internal static class SigV4
{
    /// <summary>Asserts that the request is signed right, and gives "region/service" of its scope.</summary>
    public static string Verify(ServedRequest request, string secret = AwsEnvironment.Secret)
    {
        var fields = Fields(request.Header("Authorization")!);
        var scope = fields["Credential"].Split('/');
        var (date, region, service) = (scope[1], scope[2], scope[3]);
        var signed = fields["SignedHeaders"].Split(';');
        var headers = string.Concat(signed.Select(h => $"{h}:{request.Header(h)?.Trim()}\n"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(request.Body));
        var canonical = string.Join(
            '\n', request.Method, Path(request.RawPath), Query(request.RawQuery), headers, fields["SignedHeaders"], hash);
        var toSign = string.Join(
            '\n', "AWS4-HMAC-SHA256", request.Header("X-Amz-Date"), $"{date}/{region}/{service}/aws4_request",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = new[] { date, region, service, "aws4_request" }
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), Hmac);

        Assert.That(fields["Signature"], Is.EqualTo(Convert.ToHexStringLower(Hmac(key, toSign))), canonical);
        return $"{region}/{service}";
    }

    private static Dictionary<string, string> Fields(string authorization) =>
        authorization["AWS4-HMAC-SHA256 ".Length..].Split(',')
            .Select(f => f.Trim().Split('=', 2)).ToDictionary(f => f[0], f => f[1]);

    // All services but S3 escape the path a second time.
    private static string Path(string raw) =>
        string.Join('/', raw.Split('/').Select(Uri.EscapeDataString));

    private static string Query(string raw) => string.Join('&', raw.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2))
        .Select(p => $"{Escape(p[0])}={Escape(p.Length > 1 ? p[1] : "")}")
        .Order(StringComparer.Ordinal));

    private static string Escape(string raw) => Uri.EscapeDataString(Uri.UnescapeDataString(raw));

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
