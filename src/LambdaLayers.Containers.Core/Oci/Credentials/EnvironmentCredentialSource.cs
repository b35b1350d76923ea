namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// The SDK's own variables. They name no registry, so whoever composes the chain says whom they are for: the SDK would
/// hand
/// them to any registry that asks, and with layers from several registries that is too many.
/// As in the SDK, the variables without PULL only count for a registry that is also published to.
/// </summary>
/// <param name="environment">Reads a variable.</param>
/// <param name="meantFor">The registries that the PULL variables may go to; normally the base image's, and private ones
/// that the user named.</param>
/// <param name="outputRegistry">The registry published to, or null.</param>
internal sealed class EnvironmentCredentialSource(
    Func<string, string?> environment, Func<string, bool> meantFor, string? outputRegistry) : ICredentialSource
{
    public const string PullUser = "DOTNET_CONTAINER_PULL_REGISTRY_UNAME";
    public const string PullPassword = "DOTNET_CONTAINER_PULL_REGISTRY_PWORD";
    private const string User = "DOTNET_CONTAINER_REGISTRY_UNAME";
    private const string Password = "DOTNET_CONTAINER_REGISTRY_PWORD";
    private const string LegacyUser = "SDK_CONTAINER_REGISTRY_UNAME";
    private const string LegacyPassword = "SDK_CONTAINER_REGISTRY_PWORD";

    public string Name => $"{PullUser} and {PullPassword}";

    public Task<Credential?> GetAsync(string registry, CancellationToken cancellationToken)
    {
        var found = meantFor(registry) ? Read(PullUser, PullPassword) : null;
        if (found is null && registry.Equals(outputRegistry, StringComparison.OrdinalIgnoreCase))
            found = Read(User, Password) ?? Read(LegacyUser, LegacyPassword);
        return Task.FromResult(found);
    }

    private Credential? Read(string user, string password) =>
        environment(user) is { Length: > 0 } username && environment(password) is { Length: > 0 } secret
            ? Make(user, password, username, secret)
            : null;

    private static Credential Make(string user, string password, string username, string secret)
    {
        var source = $"the variables {user} and {password}";
        // What docker stores for an identity token; the SDK passes it on in the same way.
        return username == DockerAuthEntry.TokenUser
            ? new Credential(source) { IdentityToken = secret }
            : new Credential(source) { Username = username, Password = secret };
    }
}
