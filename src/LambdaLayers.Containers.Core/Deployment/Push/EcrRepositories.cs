using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>
/// Finds out whether a push to ECR can end well. Those who may push need not be allowed to look, so what cannot be seen is
/// left to the push itself.
/// </summary>
internal sealed class EcrRepositories(AwsClients clients, IEngineLog log)
{
    /// <summary>Before anything is made: the repository exists, or is created.</summary>
    public async Task EnsureAsync(
        EcrRegistryHost host,
        string repository,
        RepositorySettings settings,
        string? profile,
        CancellationToken cancellationToken)
    {
        if (host.IsPublic)
        {
            if (settings.Create)
                throw PushErrors.PublicRepositoryNotCreated(repository);
            return;
        }

        var ecr = clients.Ecr(host, profile);
        var (found, seen) = await FindAsync(ecr, host, repository, cancellationToken);
        if (found is null && settings.Create)
            await CreateAsync(ecr, settings.ToRequest(host, repository), host, cancellationToken);
        else if (found is null && seen)
            throw PushErrors.RepositoryMissing(repository, host.AccountId!, host.Region.Name);
    }

    private async Task<(Repository? Repository, bool Seen)> FindAsync(
        EcrClient ecr, EcrRegistryHost host, string repository, CancellationToken cancellationToken)
    {
        try
        {
            var request = new DescribeRepositoriesRequest
            {
                RegistryId = host.AccountId,
                RepositoryNames = [repository],
            };
            var response = await ecr.DescribeRepositoriesAsync(request, cancellationToken);
            return (response.Repositories is [var first, ..] ? first : null, true);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.NotFound)
        {
            return (null, true);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.AccessDenied)
        {
            log.Low($"These credentials may not look at {host}/{repository} (ecr:DescribeRepositories); the push "
                + "will tell.");
            return (null, false);
        }
    }

    private async Task CreateAsync(
        EcrClient ecr, CreateRepositoryRequest request, EcrRegistryHost host, CancellationToken cancellationToken)
    {
        try
        {
            await ecr.CreateRepositoryAsync(request, cancellationToken);
            log.High($"Created the ECR repository {host}/{request.RepositoryName}.");
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.AlreadyExists)
        {
            log.Low($"The ECR repository {host}/{request.RepositoryName} exists.");
        }
    }
}
