using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Push;

/// <summary>The SDK's variables with credentials for the registry that is pushed to, and for no other.</summary>
/// <param name="environment">Reads a variable.</param>
/// <param name="destination">The registry that is pushed to.</param>
internal sealed class PushVariables(Func<string, string?> environment, string destination) : ICredentialSource
{
    public const string User = "DOTNET_CONTAINER_PUSH_REGISTRY_UNAME";
    public const string Password = "DOTNET_CONTAINER_PUSH_REGISTRY_PWORD";

    public string Name => $"{User} and {Password}";

    public Task<Credential?> GetAsync(string registry, CancellationToken cancellationToken)
    {
        var source = $"the variables {User} and {Password}";
        var found = registry.Equals(destination, StringComparison.OrdinalIgnoreCase)
            && environment(User) is { Length: > 0 } username && environment(Password) is { Length: > 0 } secret
            ? username == DockerAuthEntry.TokenUser
                ? new Credential(source) { IdentityToken = secret }
                : new Credential(source) { Username = username, Password = secret }
            : null;
        return Task.FromResult(found);
    }
}
