using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Logs in to ECR registries with the AWS credentials of the build; knows nothing of other registries.</summary>
/// <param name="authorization">Asks ECR for tokens.</param>
/// <param name="profile">A named profile instead of the build's credentials.</param>
/// <param name="log">Hears why another log-in, or none, is used.</param>
internal sealed class EcrCredentialSource(EcrAuthorization authorization, string? profile, IEngineLog log)
    : ICredentialSource
{
    public string Name => "the AWS credentials";

    /// <summary>
    /// Log-ins to use where AWS gives none, such as docker's: a token of ECR that <c>docker login</c> keeps is good for
    /// twelve hours, so that a fresh one is asked for first.
    /// </summary>
    public IReadOnlyList<ICredentialSource> Otherwise { get; init; } = [];

    /// <summary>
    /// Null for registries that are not ECR, and for reading from the public gallery when there is no log-in. What AWS says
    /// is the error where a log-in is needed and there is none.
    /// </summary>
    public async Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken)
    {
        if (!EcrRegistryHost.TryParse(scope.Registry, out var host))
            return null;
        try
        {
            var login = await authorization.GetAsync(host, profile, cancellationToken);
            log.Low($"{host} gets a token of ECR that expires at {login.ExpiresAt:u}.");
            return new Credential(scope, $"{Name} ({host})")
            {
                Username = login.UserName,
                Password = login.Password,
                IsNew = true,
            };
        }
        catch (AwsException e)
        {
            if (await FindOtherAsync(scope, cancellationToken) is { } other)
            {
                log.Normal($"{host} gets the log-in of {other.SourceName}: {e.Diagnostic.Code}: "
                    + $"{e.Diagnostic.Message}");
                return other;
            }

            // It can be read without a log-in, at lower rates, but not pushed to.
            if (host.IsPublic && !scope.IsPush)
            {
                log.Low($"{host} is read without a log-in: {e.Diagnostic.Message}");
                return null;
            }

            throw scope.IsPush && e.Kind == AwsFailureKind.NoCredentials ? EcrErrors.PushNotSignedIn(host.Host) : e;
        }
    }

    private async Task<Credential?> FindOtherAsync(CredentialScope scope, CancellationToken cancellationToken)
    {
        foreach (var source in Otherwise)
        {
            try
            {
                if (await source.GetAsync(scope, cancellationToken) is { } found)
                    return found;
            }
            catch (LayersException e)
            {
                // Broken docker files are no help; what AWS said is the better error.
                log.Low($"{source.Name}: {e.Diagnostic.Message}");
            }
        }

        return null;
    }
}
