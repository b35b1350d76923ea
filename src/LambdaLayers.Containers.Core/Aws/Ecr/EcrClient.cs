using System.Text.Json.Serialization.Metadata;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Amazon ECR over HTTP (AWS JSON 1.1).</summary>
internal sealed class EcrClient(ServiceConfig config) : ServiceClient(config), IEcrClient
{
    public AwsRegion Region { get; } = config.Region;

    public Task<GetAuthorizationTokenResponse> GetAuthorizationTokenAsync(
        GetAuthorizationTokenRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            "GetAuthorizationToken", request, EcrJson.Default.GetAuthorizationTokenRequest,
            EcrJson.Default.GetAuthorizationTokenResponse, cancellationToken);

    public Task<DescribeRepositoriesResponse> DescribeRepositoriesAsync(
        DescribeRepositoriesRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            "DescribeRepositories", request, EcrJson.Default.DescribeRepositoriesRequest,
            EcrJson.Default.DescribeRepositoriesResponse, cancellationToken);

    public Task<CreateRepositoryResponse> CreateRepositoryAsync(
        CreateRepositoryRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            "CreateRepository", request, EcrJson.Default.CreateRepositoryRequest,
            EcrJson.Default.CreateRepositoryResponse, cancellationToken);

    public Task<GetRepositoryPolicyResponse> GetRepositoryPolicyAsync(
        GetRepositoryPolicyRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            "GetRepositoryPolicy", request, EcrJson.Default.GetRepositoryPolicyRequest,
            EcrJson.Default.GetRepositoryPolicyResponse, cancellationToken);

    public Task<SetRepositoryPolicyResponse> SetRepositoryPolicyAsync(
        SetRepositoryPolicyRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            "SetRepositoryPolicy", request, EcrJson.Default.SetRepositoryPolicyRequest,
            EcrJson.Default.SetRepositoryPolicyResponse, cancellationToken);

    public Task<DescribeImagesResponse> DescribeImagesAsync(
        DescribeImagesRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            "DescribeImages", request, EcrJson.Default.DescribeImagesRequest,
            EcrJson.Default.DescribeImagesResponse, cancellationToken);

    public Task<BatchGetImageResponse> BatchGetImageAsync(
        BatchGetImageRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            "BatchGetImage", request, EcrJson.Default.BatchGetImageRequest,
            EcrJson.Default.BatchGetImageResponse, cancellationToken);

    private Task<TAnswer> CallAsync<TRequest, TAnswer>(
        string operation, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken)
        where TAnswer : class =>
        CallAsync(
            new ServiceCall(operation)
            {
                TargetPrefix = "AmazonEC2ContainerRegistry_V20150921",
                Body = ServiceCall.Json(request, requestType),
            },
            answerType,
            cancellationToken);
}
