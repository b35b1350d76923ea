using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>Finds out what the ARN of a layer stands for, with a client for the ARN's region.</summary>
internal sealed class LayerVersionResolver(ILambdaClient lambda)
{
    private const int PageSize = 50;
    private const int VersionsShown = 5;

    // 10,000 versions of one layer. Only a server that repeats itself gets there.
    private const int MaximumPages = 200;

    /// <summary>
    /// The version that <paramref name="arn"/> names, or the highest that can be listed when it names none, with a fresh
    /// link to its zip.
    /// </summary>
    public async Task<ResolvedLayerVersion> ResolveAsync(LayerVersionArn arn, CancellationToken cancellationToken)
    {
        var versioned = arn.IsLatest ? arn.WithVersion(await HighestVersionAsync(arn, cancellationToken)) : arn;
        try
        {
            var request = new GetLayerVersionByArnRequest { Arn = versioned.ToString() };
            return Read(versioned, await lambda.GetLayerVersionByArnAsync(request, cancellationToken));
        }
        catch (LayersException e) when (AwsServiceFailure.Of(e) is { IsAccessDenied: true })
        {
            throw RemoteErrors.LayerAccessDenied(versioned.ToString(), versioned.Region?.Name, e.InnerException!);
        }
        catch (LayersException e) when (AwsServiceFailure.Is(e, "ResourceNotFoundException"))
        {
            throw await NotFoundAsync(versioned, e.InnerException!, cancellationToken);
        }
    }

    /// <summary>
    /// The highest version that the owner lets these credentials list. Lambda promises no order, so all pages are read.
    /// </summary>
    public async Task<long> HighestVersionAsync(LayerVersionArn arn, CancellationToken cancellationToken)
    {
        try
        {
            var versions = await ListAsync(arn, cancellationToken);
            return versions.Count > 0 ? versions.Max() : throw RemoteErrors.LayerWithoutVersions(arn.LayerArn);
        }
        catch (LayersException e) when (AwsServiceFailure.Of(e) is { IsAccessDenied: true })
        {
            throw RemoteErrors.LayerListingDenied(arn.LayerArn, e.InnerException!);
        }
        catch (LayersException e) when (AwsServiceFailure.Is(e, "ResourceNotFoundException"))
        {
            throw RemoteErrors.LayerWithoutVersions(arn.LayerArn);
        }
    }

    private async Task<List<long>> ListAsync(LayerVersionArn arn, CancellationToken cancellationToken)
    {
        var versions = new List<long>();
        string? marker = null;
        for (var page = 0; page < MaximumPages; page++)
        {
            var answer = await lambda.ListLayerVersionsAsync(
                new ListLayerVersionsRequest { LayerName = arn.LayerArn, Marker = marker, MaxItems = PageSize },
                cancellationToken);
            versions.AddRange((answer.LayerVersions ?? []).Select(v => v.Version).OfType<long>());
            marker = answer.NextMarker;
            if (string.IsNullOrEmpty(marker))
                return versions;
        }

        throw RemoteErrors.LayerAnswerIncomplete(arn.LayerArn, "end of its list of versions");
    }

    private async Task<LayersException> NotFoundAsync(
        LayerVersionArn arn, Exception cause, CancellationToken cancellationToken)
    {
        if (arn.Version is not { } version)
            return RemoteErrors.LayerNotFound(arn.ToString(), cause);
        try
        {
            var listed = await ListAsync(arn, cancellationToken);
            if (listed.Count > 0)
            {
                var highest = listed.OrderDescending().Take(VersionsShown).ToList();
                return RemoteErrors.LayerVersionNotFound(arn.LayerArn, version, highest, cause);
            }
        }
        catch (LayersException)
        {
            // Not allowed to list, or no such layer at all: the plain message says both.
        }

        return RemoteErrors.LayerNotFound(arn.ToString(), cause);
    }

    private static ResolvedLayerVersion Read(LayerVersionArn asked, GetLayerVersionByArnResponse answer)
    {
        var arn = asked.ToString();
        if (!Digest.TryParseBase64(answer.Content?.CodeSha256, out var digest))
            throw RemoteErrors.LayerAnswerIncomplete(arn, "CodeSha256");
        if (answer.Content.CodeSize is not (> 0 and var size))
            throw RemoteErrors.LayerAnswerIncomplete(arn, "CodeSize");
        if (!Uri.TryCreate(answer.Content.Location, UriKind.Absolute, out var location))
            throw RemoteErrors.LayerAnswerIncomplete(arn, "Location");
        // Only for a layer that AWS manages is the answer's ARN news; any other has to be the one that was asked for.
        var named = asked.IsAwsManaged && LayerVersionArn.TryParse(answer.LayerVersionArn, out var own) ? own : asked;
        if ((named.Version ?? answer.Version) is not (> 0 and var version))
            throw RemoteErrors.LayerAnswerIncomplete(arn, "Version");
        if (answer.Version is { } told && told != version)
            throw RemoteErrors.LayerAnswerIncomplete(arn, "Version");
        return new ResolvedLayerVersion(named, version, digest, size, location)
        {
            Architectures = answer.CompatibleArchitectures ?? [],
            Runtimes = answer.CompatibleRuntimes ?? [],
            Description = answer.Description,
        };
    }
}
