using System.Net.Http.Headers;
using System.Text;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// What proves to a registry who we are. A class and not a record, so that printing it can never show a secret.
/// </summary>
/// <param name="sourceName">Where it comes from, in words for messages: <c>the docker configuration '…'</c>.</param>
internal sealed class Credential(string sourceName)
{
    /// <summary>For Basic, and for a token by GET.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>An OAuth2 refresh token, traded for access tokens at the registry's token service.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A ready bearer token, sent to the registry as it is.</summary>
    public string? RegistryToken { get; init; }

    public string SourceName { get; } = sourceName;

    /// <summary>Everything about it that must not show up in a message.</summary>
    public IEnumerable<string> Secrets =>
        new[] { Password, IdentityToken, RegistryToken, ToBasic()?.Parameter }.OfType<string>();

    /// <summary>The Basic header (RFC 7617, UTF-8), or null without a user name.</summary>
    public AuthenticationHeaderValue? ToBasic() => Username is null
        ? null
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password}")));

    public override string ToString() => SourceName;
}
