using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>A layer version as Lambda describes it.</summary>
/// <param name="Arn">With its version; for a layer that AWS manages what Lambda calls it.</param>
/// <param name="Version">The version's number, also where the ARN has no place for it.</param>
/// <param name="Digest">SHA-256 of the zip.</param>
/// <param name="Size">Of the zip, in bytes.</param>
/// <param name="Location">Presigned, good for ten minutes, secret while it lasts.</param>
internal sealed record ResolvedLayerVersion(LayerVersionArn Arn, long Version, Digest Digest, long Size, Uri Location)
{
    /// <summary><c>x86_64</c>, <c>arm64</c>; empty when the publisher did not say.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>Such as <c>dotnet8</c>; empty when the publisher did not say.</summary>
    public IReadOnlyList<string> Runtimes { get; init; } = [];

    public string? Description { get; init; }

    // Without the link.
    public override string ToString() => $"{Arn} ({Digest}, {Size} bytes)";
}

/// <summary>Finds out what the ARN of a layer stands for, with a client for the ARN's region.</summary>
internal sealed class LayerVersionResolver(LambdaClient lambda)
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
        catch (AwsException e) when (e.Kind == AwsFailureKind.AccessDenied)
        {
            throw LambdaErrors.LayerAccessDenied(versioned.ToString(), versioned.Region?.Name);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.NotFound)
        {
            throw await NotFoundAsync(versioned, cancellationToken);
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
            return versions.Count > 0 ? versions.Max() : throw LambdaErrors.LayerWithoutVersions(arn.LayerArn);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.AccessDenied)
        {
            throw LambdaErrors.LayerListingDenied(arn.LayerArn);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.NotFound)
        {
            throw LambdaErrors.LayerWithoutVersions(arn.LayerArn);
        }
    }

    private async Task<List<long>> ListAsync(LayerVersionArn arn, CancellationToken cancellationToken)
    {
        var versions = new List<long>();
        string? marker = null;
        for (var page = 0; page < MaximumPages; page++)
        {
            var response = await lambda.ListLayerVersionsAsync(
                new ListLayerVersionsRequest { LayerName = arn.LayerArn, Marker = marker, MaxItems = PageSize },
                cancellationToken);
            versions.AddRange((response.LayerVersions ?? []).Select(v => v.Version).OfType<long>());
            marker = response.NextMarker;
            if (string.IsNullOrEmpty(marker))
                return versions;
        }

        throw LambdaErrors.LayerAnswerIncomplete(arn.LayerArn, "end of its list of versions");
    }

    private async Task<AwsException> NotFoundAsync(LayerVersionArn arn, CancellationToken cancellationToken)
    {
        if (arn.Version is not { } version)
            return LambdaErrors.LayerNotFound(arn.ToString());
        try
        {
            var listed = await ListAsync(arn, cancellationToken);
            if (listed.Count > 0)
            {
                var highest = listed.OrderDescending().Take(VersionsShown).ToList();
                return LambdaErrors.LayerVersionNotFound(arn.LayerArn, version, highest);
            }
        }
        catch (AwsException)
        {
            // Not allowed to list, or no such layer at all: the plain message says both.
        }

        return LambdaErrors.LayerNotFound(arn.ToString());
    }

    private static ResolvedLayerVersion Read(LayerVersionArn asked, GetLayerVersionByArnResponse response)
    {
        var arn = asked.ToString();
        if (!Digest.TryParseBase64(response.Content?.CodeSha256, out var digest))
            throw LambdaErrors.LayerAnswerIncomplete(arn, "CodeSha256");
        if (response.Content.CodeSize is not (> 0 and var size))
            throw LambdaErrors.LayerAnswerIncomplete(arn, "CodeSize");
        if (!Uri.TryCreate(response.Content.Location, UriKind.Absolute, out var location))
            throw LambdaErrors.LayerAnswerIncomplete(arn, "Location");
        // Only for a layer that AWS manages is the response's ARN news; any other has to be the one that was asked for.
        var named = asked.IsAwsManaged && LayerVersionArn.TryParse(response.LayerVersionArn, out var own) ? own : asked;
        if ((named.Version ?? response.Version) is not (> 0 and var version))
            throw LambdaErrors.LayerAnswerIncomplete(arn, "Version");
        if (response.Version is { } told && told != version)
            throw LambdaErrors.LayerAnswerIncomplete(arn, "Version");
        return new ResolvedLayerVersion(named, version, digest, size, location)
        {
            Architectures = response.CompatibleArchitectures ?? [],
            Runtimes = response.CompatibleRuntimes ?? [],
            Description = response.Description,
        };
    }
}
