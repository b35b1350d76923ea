using System.Text.Json.Serialization.Metadata;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>
/// The operations of Amazon ECR that are used here, over HTTP (AWS JSON 1.1), named as in AWSSDK.ECR
/// (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html). Every failure is an
/// <see cref="AwsException"/>.
/// </summary>
internal sealed class EcrClient(ServiceConfig config) : ServiceClient(config)
{
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

    private Task<TResponse> CallAsync<TRequest, TResponse>(
        string operation, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        CallAsync(
            new ServiceRequest(operation)
            {
                TargetPrefix = "AmazonEC2ContainerRegistry_V20150921",
                Body = ServiceRequest.Json(request, requestType),
            },
            responseType,
            cancellationToken);
}

/// <summary>The public gallery over HTTP (AWS JSON 1.1): another service with an API of its own.</summary>
internal sealed class EcrPublicClient(ServiceConfig config) : ServiceClient(config)
{
    public Task<GetPublicAuthorizationTokenResponse> GetAuthorizationTokenAsync(
        GetAuthorizationTokenRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("GetAuthorizationToken")
            {
                TargetPrefix = "SpencerFrontendService",
                Body = ServiceRequest.Json(request, EcrJson.Default.GetAuthorizationTokenRequest),
            },
            EcrJson.Default.GetPublicAuthorizationTokenResponse,
            cancellationToken);
}
