namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>
/// The operations of Lambda that are used here, named as in AWSSDK.Lambda
/// (https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html). Every failure is a <c>LayersException</c>; a
/// refusal by Lambda is inside as <see cref="AwsServiceFailure"/>.
/// </summary>
internal interface ILambdaClient
{
    /// <summary>The region that the client calls.</summary>
    AwsRegion Region { get; }

    Task<GetLayerVersionByArnResponse> GetLayerVersionByArnAsync(
        GetLayerVersionByArnRequest request, CancellationToken cancellationToken);

    Task<ListLayerVersionsResponse> ListLayerVersionsAsync(
        ListLayerVersionsRequest request, CancellationToken cancellationToken);

    Task<FunctionConfiguration> CreateFunctionAsync(CreateFunctionRequest request, CancellationToken cancellationToken);

    Task<FunctionConfiguration> UpdateFunctionCodeAsync(
        UpdateFunctionCodeRequest request, CancellationToken cancellationToken);

    Task<FunctionConfiguration> UpdateFunctionConfigurationAsync(
        UpdateFunctionConfigurationRequest request, CancellationToken cancellationToken);

    Task<GetFunctionResponse> GetFunctionAsync(GetFunctionRequest request, CancellationToken cancellationToken);

    Task<FunctionConfiguration> PublishVersionAsync(PublishVersionRequest request, CancellationToken cancellationToken);

    Task<AliasConfiguration> GetAliasAsync(GetAliasRequest request, CancellationToken cancellationToken);

    Task<AliasConfiguration> CreateAliasAsync(CreateAliasRequest request, CancellationToken cancellationToken);

    Task<AliasConfiguration> UpdateAliasAsync(UpdateAliasRequest request, CancellationToken cancellationToken);

    Task<ListTagsResponse> ListTagsAsync(ListTagsRequest request, CancellationToken cancellationToken);

    Task TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken);

    Task UntagResourceAsync(UntagResourceRequest request, CancellationToken cancellationToken);
}
