using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Signs in to ECR registries with AWS credentials, and to no other.</summary>
internal sealed class EcrCredentialSource(EcrAuthorization authorization, string? profile, IEngineLog log) : ICredentialSource
{
    public string Name => "AWS credentials";

    public async Task<Credential?> GetAsync(string registry, CancellationToken cancellationToken)
    {
        if (!EcrRegistryHost.TryParse(registry, out var host))
            return null;
        try
        {
            var token = await authorization.GetAsync(host, profile, cancellationToken);
            return new Credential($"AWS credentials for {host}") { Username = token.UserName, Password = token.Password };
        }
        catch (LayersException e) when (host.IsPublic)
        {
            // Anonymous pulls work there, at lower rates.
            log.Low($"No token for {host}: {e.Diagnostic.Code}: {e.Diagnostic.Message}");
            return null;
        }
    }
}
