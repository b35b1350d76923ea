namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// The SDK's own variables. They name no registry, and the SDK hands them to whichever registry asks; with layers from
/// several registries that is too many. Here those for pulling are the base image's registry's alone, and those for pushing
/// the destination's. As in the SDK, the variables for both count for a push, and for a base in the registry that is also
/// pushed to.
/// </summary>
/// <param name="environment">Reads a variable.</param>
/// <param name="use">Which registry is which.</param>
internal sealed class EnvironmentCredentialSource(Func<string, string?> environment, RegistryUse use) : ICredentialSource
{
    public const string PullUser = "DOTNET_CONTAINER_PULL_REGISTRY_UNAME";
    public const string PullPassword = "DOTNET_CONTAINER_PULL_REGISTRY_PWORD";
    public const string PushUser = "DOTNET_CONTAINER_PUSH_REGISTRY_UNAME";
    public const string PushPassword = "DOTNET_CONTAINER_PUSH_REGISTRY_PWORD";
    private const string User = "DOTNET_CONTAINER_REGISTRY_UNAME";
    private const string Password = "DOTNET_CONTAINER_REGISTRY_PWORD";
    private const string LegacyUser = "SDK_CONTAINER_REGISTRY_UNAME";
    private const string LegacyPassword = "SDK_CONTAINER_REGISTRY_PWORD";

    /// <summary>The variables that hold passwords.</summary>
    public static IReadOnlyList<string> Passwords { get; } = [PullPassword, PushPassword, Password, LegacyPassword];

    public string Name => $"{PullUser} for the base image, {PushUser} for the destination";

    public Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken)
    {
        var isBase = Is(scope, use.BaseRegistry);
        var isDestination = Is(scope, use.Destination);
        var found = scope.IsPush
            ? isDestination ? Read(scope, PushUser, PushPassword) : null
            : isBase ? Read(scope, PullUser, PullPassword) : null;
        if (isDestination && (scope.IsPush || isBase))
            found ??= Read(scope, User, Password) ?? Read(scope, LegacyUser, LegacyPassword);
        return Task.FromResult(found);
    }

    private static bool Is(CredentialScope scope, string? registry) =>
        scope.Registry.Equals(registry, StringComparison.OrdinalIgnoreCase);

    private Credential? Read(CredentialScope scope, string user, string password) =>
        environment(user) is { Length: > 0 } username && environment(password) is { Length: > 0 } secret
            ? Credential.Of(scope, $"the variables {user} and {password}", username, secret)
            : null;
}
