using System.Security.Cryptography;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Verification.Leaks;

/// <summary>
/// Remembers that something was searched for a secret, without keeping anything of the secret: a digest of a long
/// random token gives nothing away, one of a password could be tried out, so that of a password only the state of its
/// file is kept.
/// </summary>
internal static class SecretFingerprint
{
    private const int ShortestToken = 20;
    private const int Bytes = 8;

    /// <summary>Another one for each thing that is searched; null for a secret of which nothing can be kept.</summary>
    public static string? Of(KnownSecret secret, Digest searched)
    {
        var text = secret.Value.Length >= ShortestToken ? secret.Value : secret.Stamp;
        return text is null ? null : Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{searched}\0{text}")).AsSpan(0, Bytes));
    }
}
