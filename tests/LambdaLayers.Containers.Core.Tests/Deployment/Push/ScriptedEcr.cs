using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Push;

/// <summary>One repository in memory, and refusals for operations.</summary>
internal sealed class ScriptedEcr : IEcrClient
{
    public Repository? Repository { get; set; }

    /// <summary>Tags and the digests that they mean.</summary>
    public Dictionary<string, string> Tags { get; } = [];

    public Dictionary<string, LayersException> Refuse { get; } = [];

    public List<CreateRepositoryRequest> Created { get; } = [];

    public AuthorizationData? Token { get; set; }

    public Task<GetAuthorizationTokenResponse> GetAuthorizationTokenAsync(
        GetAuthorizationTokenRequest request, CancellationToken cancellationToken)
    {
        Check("GetAuthorizationToken");
        return Task.FromResult(new GetAuthorizationTokenResponse { AuthorizationData = [Token!] });
    }

    public Task<DescribeRepositoriesResponse> DescribeRepositoriesAsync(
        DescribeRepositoriesRequest request, CancellationToken cancellationToken)
    {
        Check("DescribeRepositories");
        return Task.FromResult(new DescribeRepositoriesResponse
        {
            Repositories = [Repository ?? throw Refusals.Ecr("DescribeRepositories", "RepositoryNotFoundException")],
        });
    }

    public Task<CreateRepositoryResponse> CreateRepositoryAsync(
        CreateRepositoryRequest request, CancellationToken cancellationToken)
    {
        Check("CreateRepository");
        Created.Add(request);
        return Task.FromResult(new CreateRepositoryResponse());
    }

    public Task<DescribeImagesResponse> DescribeImagesAsync(DescribeImagesRequest request, CancellationToken cancellationToken)
    {
        Check("DescribeImages");
        return Tags.TryGetValue(request.ImageIds![0].ImageTag!, out var digest)
            ? Task.FromResult(new DescribeImagesResponse { ImageDetails = [new ImageDetail { ImageDigest = digest }] })
            : throw Refusals.Ecr("DescribeImages", "ImageNotFoundException");
    }

    private void Check(string operation)
    {
        if (Refuse.TryGetValue(operation, out var refusal))
            throw refusal;
    }
}
