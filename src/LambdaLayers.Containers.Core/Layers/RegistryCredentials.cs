using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Push;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>
/// Where credentials for registries are looked for, in this order: the SDK's variables, the log-ins of docker and podman, and
/// AWS for ECR. Whoever logged in wins over what could be had without.
/// </summary>
internal static class RegistryCredentials
{
    // Helpers that fetch tokens from the network take seconds; one that waits for a person would wait for ever.
    private static readonly TimeSpan HelperTimeout = TimeSpan.FromSeconds(60);

    public static CredentialChain Create(
        Func<string, string?> environment, RegistryUse use, IAwsClients aws, IEngineLog log, TimeProvider time)
    {
        var authorization = new EcrAuthorization(aws, time);
        return new CredentialChain(
        [
            new EnvironmentCredentialSource(environment, use.VariablesAreMeantFor, outputRegistry: null),
            .. DockerConfigFiles.Sources(environment, new CredentialHelper(environment, HelperTimeout, time)),
            .. use.Profiles.Select(p => new OneRegistrySource(p.Key, new EcrCredentialSource(authorization, p.Value, log))),
            new EcrCredentialSource(authorization, profile: null, log),
        ]);
    }

    /// <summary>
    /// For the registry that the engine pushes to: as above, with the SDK's variables for pushing in front.
    /// </summary>
    public static CredentialChain ForPush(
        Func<string, string?> environment, string registry, IAwsClients aws, IEngineLog log, TimeProvider time) => new(
        [
            new PushVariables(environment, registry),
            new EnvironmentCredentialSource(environment, meantFor: static _ => false, outputRegistry: registry),
            .. DockerConfigFiles.Sources(environment, new CredentialHelper(environment, HelperTimeout, time)),
            new EcrCredentialSource(new EcrAuthorization(aws, time), profile: null, log),
        ]);
}
