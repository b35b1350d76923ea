namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>
/// The operations of Amazon ECR that are used here, named as in AWSSDK.ECR
/// (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html). Every failure is a
/// <c>LayersException</c>; a refusal by ECR is inside as <see cref="AwsServiceFailure"/>.
/// </summary>
internal interface IEcrClient
{
    /// <summary>The region that the client calls.</summary>
    AwsRegion Region { get; }

    Task<GetAuthorizationTokenResponse> GetAuthorizationTokenAsync(
        GetAuthorizationTokenRequest request, CancellationToken cancellationToken);

    Task<DescribeRepositoriesResponse> DescribeRepositoriesAsync(
        DescribeRepositoriesRequest request, CancellationToken cancellationToken);

    Task<CreateRepositoryResponse> CreateRepositoryAsync(
        CreateRepositoryRequest request, CancellationToken cancellationToken);

    Task<GetRepositoryPolicyResponse> GetRepositoryPolicyAsync(
        GetRepositoryPolicyRequest request, CancellationToken cancellationToken);

    Task<SetRepositoryPolicyResponse> SetRepositoryPolicyAsync(
        SetRepositoryPolicyRequest request, CancellationToken cancellationToken);

    Task<DescribeImagesResponse> DescribeImagesAsync(DescribeImagesRequest request, CancellationToken cancellationToken);

    Task<BatchGetImageResponse> BatchGetImageAsync(BatchGetImageRequest request, CancellationToken cancellationToken);
}
