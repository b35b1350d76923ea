using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Logs in to ECR registries with the AWS credentials of the build; knows nothing of other registries.</summary>
internal sealed class EcrCredentialSource(EcrAuthorization authorization, string? profile, IEngineLog log)
    : ICredentialSource
{
    public string Name => "the AWS credentials";

    /// <summary>
    /// Null for registries that are not ECR, and for the public gallery when AWS gives nothing: that can be read without
    /// a log-in, at lower rates. For a private registry the reason is an error.
    /// </summary>
    public async Task<Credential?> GetAsync(string registry, CancellationToken cancellationToken)
    {
        if (!EcrRegistryHost.TryParse(registry, out var host))
            return null;
        try
        {
            var login = await authorization.GetAsync(host, profile, cancellationToken);
            return new Credential($"{Name} ({host})") { Username = login.UserName, Password = login.Password };
        }
        catch (LayersException e) when (host.IsPublic)
        {
            log.Low($"{host} is read without a log-in: {e.Diagnostic.Message}");
            return null;
        }
    }
}
