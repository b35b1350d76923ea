using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>
/// Logs in to private ECR registries with the AWS credentials of the build. Not to the public gallery: its images are read
/// anonymously, and a machine without AWS credentials would search for some in vain.
/// </summary>
/// <param name="profileFor">The AWS profile that an item gives for images of a registry; null for the build's own.</param>
internal sealed class EcrCredentialSource(EcrAuthorization authorization, Func<string, string?> profileFor) : ICredentialSource
{
    public string Name => "the AWS credentials (for registries of Amazon ECR)";

    public async Task<Credential?> GetAsync(string registry, CancellationToken cancellationToken)
    {
        if (!EcrRegistryHost.TryParse(registry, out var host) || host.IsPublic)
            return null;
        var profile = profileFor(registry);
        var token = await authorization.GetAsync(host, profile, cancellationToken);
        var source = profile is null ? "the AWS credentials" : $"the AWS credentials of the profile '{profile}'";
        return new Credential($"{source} (ecr:GetAuthorizationToken)") { Username = token.UserName, Password = token.Password };
    }
}
