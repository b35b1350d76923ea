using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Push;

/// <summary>One repository in memory, and refusals for operations.</summary>
internal sealed class ScriptedEcr : IEcrClient
{
    public Repository? Repository { get; set; }

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

    private void Check(string operation)
    {
        if (Refuse.TryGetValue(operation, out var refusal))
            throw refusal;
    }
}
