using System.Net.Http.Headers;
using System.Text;
using LambdaLayers.Containers.Core.Http;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>What a credential may be used for.</summary>
internal enum CredentialPurpose
{
    Pull,
    Push,
}

/// <summary>What a credential is asked for: one registry, one purpose.</summary>
/// <param name="Registry">As in references: <c>docker.io</c>, <c>host:port</c>.</param>
internal sealed record CredentialScope(string Registry, CredentialPurpose Purpose)
{
    public bool IsPush => Purpose == CredentialPurpose.Push;
}

/// <summary>
/// What proves to one registry who we are. It only gives out headers that are bound to an origin of that registry, so that no
/// redirect, realm or Location can lead it elsewhere. A class and not a record, so that printing it can never show a secret.
/// </summary>
/// <param name="scope">The registry and the purpose that it was made for.</param>
/// <param name="sourceName">Where it comes from, in words for messages: <c>the docker configuration '…'</c>.</param>
internal sealed class Credential(CredentialScope scope, string sourceName)
{
    /// <summary>For Basic, and for a token by GET.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>An OAuth2 refresh token, traded for access tokens at the registry's token service.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A ready bearer token, sent to the registry as it is.</summary>
    public string? RegistryToken { get; init; }

    /// <summary>Whether it was issued during this build.</summary>
    public bool IsNew { get; init; }

    public CredentialScope Scope => scope;

    public string SourceName => sourceName;

    /// <summary>Everything about it that must not show up in a message.</summary>
    public IEnumerable<string> Secrets =>
        new[] { Password, IdentityToken, RegistryToken, Encoded }.OfType<string>();

    private string? Encoded =>
        Username is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password}"));

    /// <summary>
    /// A user name and password as docker and the SDK's variables have them; <c>&lt;token&gt;</c> marks an identity token.
    /// </summary>
    public static Credential Of(CredentialScope scope, string sourceName, string username, string secret) =>
        username == DockerAuthEntry.TokenUser
            ? new Credential(scope, sourceName) { IdentityToken = secret }
            : new Credential(scope, sourceName) { Username = username, Password = secret };

    /// <summary>
    /// The Basic header (RFC 7617, UTF-8) for <paramref name="origin"/>: the registry itself, or the token service that it
    /// named. Null without a user name.
    /// </summary>
    /// <param name="registry">The registry that asks for it.</param>
    public OriginAuthorization? ToBasic(string registry, HttpOrigin origin)
    {
        Demand(registry);
        return Encoded is { } encoded
            ? new OriginAuthorization(origin, new AuthenticationHeaderValue("Basic", encoded))
            : null;
    }

    /// <summary>The credential, if it is <paramref name="registry"/>'s; anything else is a mistake of ours.</summary>
    /// <exception cref="InvalidOperationException">It belongs to another registry.</exception>
    public Credential Demand(string registry) =>
        registry.Equals(scope.Registry, StringComparison.OrdinalIgnoreCase)
            ? this
            : throw new InvalidOperationException($"A credential for {scope.Registry} was to be used for {registry}.");

    public override string ToString() => sourceName;
}
