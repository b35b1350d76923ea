using System.Collections.Concurrent;
using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Answers 401s and remembers the answer for each repository: Basic for good, tokens until shortly before they expire.
/// Concurrent requests to one repository share one log-in.
/// </summary>
internal sealed class RegistryAuthenticator(
    TokenService tokens, CredentialChain credentials, TimeProvider time, bool push = false)
{
    private readonly ConcurrentDictionary<string, Login> _logins = new(StringComparer.Ordinal);

    /// <summary>
    /// The header for a request to <paramref name="image"/>'s repository; null until a challenge was met. Renews what
    /// is about to expire.
    /// </summary>
    public async Task<OriginAuthorization?> CurrentAsync(
        RegistryEndpoint endpoint, ImageReference image, CancellationToken cancellationToken)
    {
        if (!_logins.TryGetValue(image.Name, out var login) || login.Header is not { } header)
            return null;
        if (login.RenewAt > time.GetUtcNow())
            return header;
        return await AnswerAsync(endpoint, image, login.Challenges, header, cancellationToken);
    }

    /// <summary>
    /// The header that meets the challenges, or null when what we have is refused. <paramref name="rejected"/> is what
    /// the registry has just refused; if somebody else has logged in anew meanwhile, that is used.
    /// </summary>
    public async Task<OriginAuthorization?> AnswerAsync(
        RegistryEndpoint endpoint, ImageReference image, IReadOnlyList<AuthChallenge> challenges,
        OriginAuthorization? rejected, CancellationToken cancellationToken)
    {
        var login = _logins.GetOrAdd(image.Name, static _ => new Login());
        await login.Gate.WaitAsync(cancellationToken);
        try
        {
            if (login.Header is { } newer && !newer.IsSameAs(rejected) && login.RenewAt > time.GetUtcNow())
                return newer;
            (login.Header, login.RenewAt) = await LogInAsync(endpoint, image, challenges, cancellationToken);
            login.Challenges = challenges;
            return login.Header is { } header && header.IsSameAs(rejected) ? null : login.Header;
        }
        finally
        {
            login.Gate.Release();
        }
    }

    /// <summary>A sentence about what the registry was given, without any of its value.</summary>
    public string DescribeAccess(string registry)
    {
        if (credentials.Known(Scope(registry)) is { } used)
            return $"It was given the credentials from {used.SourceName}.";
        var places = credentials.Places;
        return places.Length == 0
            ? "It was asked without credentials."
            : $"No credentials for it were found (looked in: {places}).";
    }

    /// <summary>What must not show up in messages about this registry.</summary>
    public IEnumerable<string> Secrets(ImageReference image)
    {
        var header = _logins.TryGetValue(image.Name, out var login) ? login.Header?.Secret : null;
        return [.. credentials.Known(Scope(image.Registry))?.Secrets ?? [], .. header is null ? Array.Empty<string>() : [header]];
    }

    private async Task<(OriginAuthorization? Header, DateTimeOffset RenewAt)> LogInAsync(
        RegistryEndpoint endpoint, ImageReference image, IReadOnlyList<AuthChallenge> challenges,
        CancellationToken cancellationToken)
    {
        var credential = await credentials.FindAsync(Scope(endpoint.Registry), cancellationToken);
        if (challenges.FirstOrDefault(x => x.IsBearer) is { } bearer)
        {
            if (credential?.Demand(endpoint.Registry).RegistryToken is { } ready)
                return (Bearer(ready), DateTimeOffset.MaxValue);
            var scopes = TokenScope.For(bearer.Scope, image.Repository, push);
            var token = await tokens.GetAsync(endpoint, bearer, scopes, credential, cancellationToken);
            return token is null
                ? (null, default)
                : (Bearer(token.Value), token.RenewAt);
        }

        if (challenges.Any(x => x.IsBasic))
            return (credential?.ToBasic(endpoint.Registry, endpoint.Origin), DateTimeOffset.MaxValue);
        throw RegistryErrors.ChallengeUnusable(endpoint.Registry, string.Join(", ", challenges.Select(x => x.Scheme)));

        OriginAuthorization Bearer(string token) =>
            new(endpoint.Origin, new AuthenticationHeaderValue("Bearer", token));
    }

    private CredentialScope Scope(string registry) =>
        new(registry, push ? CredentialPurpose.Push : CredentialPurpose.Pull);

    private sealed class Login
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public OriginAuthorization? Header { get; set; }

        public DateTimeOffset RenewAt { get; set; }

        public IReadOnlyList<AuthChallenge> Challenges { get; set; } = [];
    }
}
