using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>
/// Finds out before anything is built whether a push can end well: the repository exists (or is created), and no tag is in
/// the way. Who may push need not be allowed to look, so what cannot be seen is left to the push itself.
/// </summary>
internal sealed class EnsureRepository(IAwsClients clients, IEngineLog log)
{
    public async Task RunAsync(
        PushDestination destination, RepositorySettings settings, string? profile, CancellationToken cancellationToken)
    {
        if (destination.Host.IsPublic)
        {
            if (settings.Create)
                throw PushErrors.PublicRepositoryNotCreated(destination.Repository);
            return;
        }

        var ecr = clients.Ecr(destination.Host, profile);
        var (repository, seen) = await FindAsync(ecr, destination, cancellationToken);
        if (repository is null && settings.Create)
            await CreateAsync(ecr, destination, settings, cancellationToken);
        else if (repository is null && seen)
            throw PushErrors.RepositoryMissing(
                destination.Repository, destination.Host.AccountId!, destination.Host.Region.Name);
        // With exclusions only ECR knows which tags may move.
        else if (repository?.ImageTagMutability == "IMMUTABLE")
            await RefuseTakenTagsAsync(ecr, destination, cancellationToken);
    }

    private async Task<(Repository? Repository, bool Seen)> FindAsync(
        IEcrClient ecr, PushDestination destination, CancellationToken cancellationToken)
    {
        try
        {
            var request = new DescribeRepositoriesRequest
            {
                RegistryId = destination.Host.AccountId,
                RepositoryNames = [destination.Repository],
            };
            var answer = await ecr.DescribeRepositoriesAsync(request, cancellationToken);
            return (answer.Repositories is [var first, ..] ? first : null, true);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.NotFound)
        {
            return (null, true);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.AccessDenied)
        {
            log.Low($"These credentials may not look at {destination} (ecr:DescribeRepositories); the push will tell.");
            return (null, false);
        }
    }

    private async Task CreateAsync(
        IEcrClient ecr, PushDestination destination, RepositorySettings settings, CancellationToken cancellationToken)
    {
        try
        {
            await ecr.CreateRepositoryAsync(settings.ToRequest(destination), cancellationToken);
            log.High($"Created the ECR repository {destination}.");
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.AlreadyExists)
        {
            log.Low($"The ECR repository {destination} exists.");
        }
    }

    private static async Task RefuseTakenTagsAsync(
        IEcrClient ecr, PushDestination destination, CancellationToken cancellationToken)
    {
        foreach (var tag in destination.Tags)
        {
            if (await ExistsAsync(ecr, destination, tag, cancellationToken))
                throw PushErrors.TagImmutable(destination.Repository, tag);
        }
    }

    private static async Task<bool> ExistsAsync(
        IEcrClient ecr, PushDestination destination, string tag, CancellationToken cancellationToken)
    {
        try
        {
            var request = new DescribeImagesRequest
            {
                RegistryId = destination.Host.AccountId,
                RepositoryName = destination.Repository,
                ImageIds = [new ImageIdentifier { ImageTag = tag }],
            };
            return (await ecr.DescribeImagesAsync(request, cancellationToken)).ImageDetails is [_, ..];
        }
        catch (AwsException e) when (e.Kind is AwsFailureKind.NotFound or AwsFailureKind.AccessDenied)
        {
            return false;
        }
    }
}
