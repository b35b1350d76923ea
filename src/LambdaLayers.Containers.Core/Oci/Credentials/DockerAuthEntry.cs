using System.Text;
using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>One member of <c>auths</c> in docker's config.json.</summary>
internal static class DockerAuthEntry
{
    /// <summary>The user name that marks an identity token.</summary>
    public const string TokenUser = "<token>";

    /// <summary>
    /// The credential, or null for an entry without one (docker leaves <c>{}</c> where a helper keeps the secret).
    /// </summary>
    /// <exception cref="FormatException"><c>auth</c> is not base64 of <c>user:password</c>.</exception>
    public static Credential? Read(JsonObject entry, CredentialScope scope, string source)
    {
        var identity = NonEmpty(OciJson.String(entry, "identitytoken"));
        var registryToken = NonEmpty(OciJson.String(entry, "registrytoken"));
        var (username, password) = NonEmpty(OciJson.String(entry, "auth")) is { } auth
            ? Decode(auth)
            : (NonEmpty(OciJson.String(entry, "username")), NonEmpty(OciJson.String(entry, "password")));
        if (identity is null && registryToken is null && username is null)
            return null;
        return new Credential(scope, source)
        {
            Username = username,
            Password = password,
            IdentityToken = identity,
            RegistryToken = registryToken,
        };
    }

    private static (string User, string Password) Decode(string auth)
    {
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, bytes, out var length))
            throw new FormatException("'auth' is not base64");
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        // Docker pads some passwords with NUL.
        return colon > 0
            ? (text[..colon], text[(colon + 1)..].TrimEnd('\0'))
            : throw new FormatException("'auth' is not user:password in base64");
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
