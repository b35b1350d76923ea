namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>Which registries a build uses, and as what: decides who may see which credential.</summary>
internal sealed record RegistryUse
{
    public static RegistryUse None { get; } = new();

    /// <summary>Of the base image; null for scratch.</summary>
    public string? BaseRegistry { get; init; }

    /// <summary>The registry that the image is pushed to; null or empty for none.</summary>
    public string? Destination { get; init; }

    /// <summary>Registry to the AWS profile that an item there names.</summary>
    public IReadOnlyDictionary<string, string> Profiles { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// The one place where credentials for registries are composed, in one order for pulling and pushing: the SDK's variables;
/// for ECR the AWS profile of an item for that item's registry, then the build's AWS credentials; and the log-ins and helpers
/// of docker and podman, which for ECR are what is left when AWS gives nothing: docker keeps a token that was good for twelve
/// hours, and says nothing of its age.
/// </summary>
internal static class RegistryCredentials
{
    // Helpers that fetch tokens from the network take seconds; one that waits for a person would wait for ever.
    private static readonly TimeSpan HelperTimeout = TimeSpan.FromSeconds(60);

    /// <param name="environment">Reads a variable.</param>
    /// <param name="use">Which registries are which.</param>
    /// <param name="aws">
    /// The source for ECR registries with a profile's credentials, or with the build's for null, and what it asks where AWS
    /// gives nothing. It knows no other registries.
    /// </param>
    /// <param name="time">Measures how long helpers take.</param>
    public static CredentialChain Create(
        Func<string, string?> environment, RegistryUse use,
        Func<string?, IReadOnlyList<ICredentialSource>, ICredentialSource> aws, TimeProvider time)
    {
        var docker = DockerConfigFiles.Sources(environment, new CredentialHelper(environment, HelperTimeout, time));
        return new CredentialChain(
        [
            new EnvironmentCredentialSource(environment, use),
            .. use.Profiles.Select(profile => new OneRegistrySource(profile.Key, aws(profile.Value, docker))),
            aws(null, docker),
            .. docker,
        ]);
    }

    /// <summary>The secrets that variables and log-in files have, without asking any helper or service.</summary>
    public static IReadOnlyList<KnownSecret> Secrets(Func<string, string?> environment, TimeProvider time)
    {
        var secrets = EnvironmentCredentialSource.Passwords
            .Where(name => environment(name) is { Length: > 0 })
            .Select(name => new KnownSecret(environment(name)!, $"the password in {name}")).ToList();
        foreach (var file in DockerConfigFiles.Sources(environment, new CredentialHelper(environment, HelperTimeout, time)))
            secrets.AddRange(file.Secrets());
        return secrets;
    }

    // An item's Profile says nothing about other registries.
    private sealed class OneRegistrySource(string registry, ICredentialSource source) : ICredentialSource
    {
        public string Name => source.Name;

        public async Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken) =>
            scope.Registry == registry ? await source.GetAsync(scope, cancellationToken) : null;
    }
}
