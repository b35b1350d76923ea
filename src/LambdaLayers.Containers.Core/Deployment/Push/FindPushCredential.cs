using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>
/// Who signs a push to ECR in. First the SDK's own variables, then AWS credentials, then a log-in that docker or podman
/// keeps: whoever publishes without AWS credentials today can go on.
/// </summary>
/// <param name="dockerLogins">The credentials that the SDK itself would find.</param>
internal sealed class FindPushCredential(
    EcrAuthorization authorization, CredentialChain dockerLogins, Func<string, string?> environment, IEngineLog log)
{
    // In the SDK's order (its documentation: RegistryAuthentication.md).
    private static readonly string[] Prefixes =
        ["DOTNET_CONTAINER_PUSH_REGISTRY_", "DOTNET_CONTAINER_REGISTRY_", "SDK_CONTAINER_REGISTRY_"];

    /// <summary>A fresh token; null when the SDK finds what it needs by itself.</summary>
    public async Task<EcrCredential?> RunAsync(EcrRegistryHost host, string? profile, CancellationToken cancellationToken)
    {
        if (Prefixes.FirstOrDefault(IsSet) is { } prefix)
        {
            log.Low($"{prefix}UNAME is set: the SDK pushes to {host} with it.");
            return null;
        }

        try
        {
            var credential = await authorization.GetAsync(host, profile, cancellationToken);
            log.Low($"The push to {host} uses a token of ECR that expires at {credential.ExpiresAt:u}.");
            return credential;
        }
        catch (AwsException e)
        {
            if (await HasDockerLoginAsync(host, cancellationToken))
            {
                log.Normal($"The push to {host} uses docker's log-in: {e.Diagnostic.Code}: {e.Diagnostic.Message}");
                return null;
            }

            throw e.Kind == AwsFailureKind.NoCredentials ? EcrErrors.PushNotSignedIn(host.Host) : e;
        }
    }

    private bool IsSet(string prefix) =>
        environment(prefix + "UNAME") is { Length: > 0 } && environment(prefix + "PWORD") is { Length: > 0 };

    private async Task<bool> HasDockerLoginAsync(EcrRegistryHost host, CancellationToken cancellationToken)
    {
        try
        {
            return await dockerLogins.FindAsync(new CredentialScope(host.Host, CredentialPurpose.Push), cancellationToken) is not null;
        }
        catch (LayersException)
        {
            // A broken docker configuration is no help; what AWS said is the better message.
            return false;
        }
    }
}
