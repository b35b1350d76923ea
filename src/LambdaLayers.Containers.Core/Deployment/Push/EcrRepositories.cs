using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>
/// Finds out whether a push to ECR can end well. Those who may push need not be allowed to look, so what cannot be seen is
/// left to the push itself.
/// </summary>
internal sealed class EcrRepositories(IAwsClients clients, IEngineLog log)
{
    /// <summary>
    /// Before anything is fetched: the repository exists, or is created. Returns whether its tags cannot be moved, so that
    /// <see cref="DemandTagsFreeAsync"/> is worth a question.
    /// </summary>
    public async Task<bool> EnsureAsync(
        EcrRegistryHost host,
        string repository,
        RepositorySettings settings,
        string? profile,
        CancellationToken cancellationToken)
    {
        if (host.IsPublic)
            return settings.Create ? throw PushErrors.PublicRepositoryNotCreated(repository) : false;
        var ecr = clients.Ecr(host, profile);
        var (found, seen) = await FindAsync(ecr, host, repository, cancellationToken);
        if (found is null && settings.Create)
            await CreateAsync(ecr, settings.ToRequest(host, repository), host, cancellationToken);
        else if (found is null && seen)
            throw PushErrors.RepositoryMissing(repository, host.AccountId!, host.Region.Name);
        // With exclusions only ECR knows which tags may move.
        return found?.ImageTagMutability == "IMMUTABLE";
    }

    /// <summary>
    /// Before anything is sent to a repository with immutable tags: each tag is new, or means what it is to mean already.
    /// </summary>
    /// <param name="host">The registry.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="tags">Tags, and the digests that they are to have; null where that is not known yet.</param>
    /// <param name="profile">A named profile instead of the build's credentials.</param>
    /// <param name="cancellationToken">Stops the questions.</param>
    public async Task DemandTagsFreeAsync(
        EcrRegistryHost host,
        string repository,
        IEnumerable<KeyValuePair<string, Digest?>> tags,
        string? profile,
        CancellationToken cancellationToken)
    {
        var ecr = clients.Ecr(host, profile);
        foreach (var (tag, wanted) in tags)
        {
            var actual = await DigestOfAsync(ecr, host, repository, tag, cancellationToken);
            if (actual is not null && actual != wanted?.ToString())
                throw PushErrors.TagImmutable(repository, tag);
        }
    }

    private async Task<(Repository? Repository, bool Seen)> FindAsync(
        IEcrClient ecr, EcrRegistryHost host, string repository, CancellationToken cancellationToken)
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
        IEcrClient ecr, CreateRepositoryRequest request, EcrRegistryHost host, CancellationToken cancellationToken)
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

    // Null when there is no such image, or it may not be seen.
    private static async Task<string?> DigestOfAsync(
        IEcrClient ecr, EcrRegistryHost host, string repository, string tag, CancellationToken cancellationToken)
    {
        try
        {
            var request = new DescribeImagesRequest
            {
                RegistryId = host.AccountId,
                RepositoryName = repository,
                ImageIds = [new ImageIdentifier { ImageTag = tag }],
            };
            var response = await ecr.DescribeImagesAsync(request, cancellationToken);
            return response.ImageDetails is [var image, ..] ? image.ImageDigest ?? "" : null;
        }
        catch (AwsException e) when (e.Kind is AwsFailureKind.NotFound or AwsFailureKind.AccessDenied)
        {
            return null;
        }
    }
}
