using System.Globalization;

namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Lambda over HTTP (REST-JSON).</summary>
internal sealed class LambdaClient(ServiceConfig config) : ServiceClient(config), ILambdaClient
{
    private const string Functions = "/2015-03-31/functions";
    private const string Function = Functions + "/{FunctionName}";
    private const string Aliases = Function + "/aliases";
    private const string Tags = "/2017-03-31/tags/{Resource}";

    public AwsRegion Region { get; } = config.Region;

    public Task<GetLayerVersionByArnResponse> GetLayerVersionByArnAsync(
        GetLayerVersionByArnRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("GetLayerVersionByArn")
            {
                Method = "GET",
                Path = "/2018-10-31/layers",
                Query = new Dictionary<string, string?> { ["find"] = "LayerVersion", ["Arn"] = request.Arn },
            },
            LambdaJson.Default.GetLayerVersionByArnResponse,
            cancellationToken);

    public Task<ListLayerVersionsResponse> ListLayerVersionsAsync(
        ListLayerVersionsRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("ListLayerVersions")
            {
                Method = "GET",
                Path = "/2018-10-31/layers/{LayerName}/versions",
                PathParameters = new Dictionary<string, string> { ["LayerName"] = request.LayerName },
                Query = new Dictionary<string, string?>
                {
                    ["Marker"] = request.Marker,
                    ["MaxItems"] = request.MaxItems?.ToString(CultureInfo.InvariantCulture),
                },
            },
            LambdaJson.Default.ListLayerVersionsResponse,
            cancellationToken);

    public Task<FunctionConfiguration> CreateFunctionAsync(
        CreateFunctionRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("CreateFunction")
            {
                Path = Functions,
                Body = ServiceCall.Json(request, LambdaJson.Default.CreateFunctionRequest),
            },
            LambdaJson.Default.FunctionConfiguration,
            cancellationToken);

    public Task<FunctionConfiguration> UpdateFunctionCodeAsync(
        UpdateFunctionCodeRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("UpdateFunctionCode")
            {
                Method = "PUT",
                Path = Function + "/code",
                PathParameters = Named(request.FunctionName),
                Body = ServiceCall.Json(request, LambdaJson.Default.UpdateFunctionCodeRequest),
            },
            LambdaJson.Default.FunctionConfiguration,
            cancellationToken);

    public Task<FunctionConfiguration> UpdateFunctionConfigurationAsync(
        UpdateFunctionConfigurationRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("UpdateFunctionConfiguration")
            {
                Method = "PUT",
                Path = Function + "/configuration",
                PathParameters = Named(request.FunctionName),
                Body = ServiceCall.Json(request, LambdaJson.Default.UpdateFunctionConfigurationRequest),
            },
            LambdaJson.Default.FunctionConfiguration,
            cancellationToken);

    public Task<GetFunctionResponse> GetFunctionAsync(GetFunctionRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("GetFunction")
            {
                Method = "GET",
                Path = Function,
                PathParameters = Named(request.FunctionName),
                Query = new Dictionary<string, string?> { ["Qualifier"] = request.Qualifier },
            },
            LambdaJson.Default.GetFunctionResponse,
            cancellationToken);

    public Task<FunctionConfiguration> PublishVersionAsync(
        PublishVersionRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("PublishVersion")
            {
                Path = Function + "/versions",
                PathParameters = Named(request.FunctionName),
                Body = ServiceCall.Json(request, LambdaJson.Default.PublishVersionRequest),
            },
            LambdaJson.Default.FunctionConfiguration,
            cancellationToken);

    public Task<AliasConfiguration> GetAliasAsync(GetAliasRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("GetAlias")
            {
                Method = "GET",
                Path = Aliases + "/{Name}",
                PathParameters = Named(request.FunctionName, request.Name),
            },
            LambdaJson.Default.AliasConfiguration,
            cancellationToken);

    public Task<AliasConfiguration> CreateAliasAsync(CreateAliasRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("CreateAlias")
            {
                Path = Aliases,
                PathParameters = Named(request.FunctionName),
                Body = ServiceCall.Json(request, LambdaJson.Default.CreateAliasRequest),
            },
            LambdaJson.Default.AliasConfiguration,
            cancellationToken);

    public Task<AliasConfiguration> UpdateAliasAsync(UpdateAliasRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("UpdateAlias")
            {
                Method = "PUT",
                Path = Aliases + "/{Name}",
                PathParameters = Named(request.FunctionName, request.Name),
                Body = ServiceCall.Json(request, LambdaJson.Default.UpdateAliasRequest),
            },
            LambdaJson.Default.AliasConfiguration,
            cancellationToken);

    public Task<ListTagsResponse> ListTagsAsync(ListTagsRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("ListTags") { Method = "GET", Path = Tags, PathParameters = Resource(request.Resource) },
            LambdaJson.Default.ListTagsResponse,
            cancellationToken);

    public Task TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("TagResource")
            {
                Path = Tags,
                PathParameters = Resource(request.Resource),
                Body = ServiceCall.Json(request, LambdaJson.Default.TagResourceRequest),
            },
            LambdaJson.Default.EmptyResponse,
            cancellationToken);

    public Task UntagResourceAsync(UntagResourceRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("UntagResource")
            {
                Method = "DELETE",
                Path = Tags,
                PathParameters = Resource(request.Resource),
                Query = new Dictionary<string, string?> { ["tagKeys"] = request.TagKey },
            },
            LambdaJson.Default.EmptyResponse,
            cancellationToken);

    private static Dictionary<string, string> Named(string function) => new() { ["FunctionName"] = function };

    private static Dictionary<string, string> Named(string function, string name) =>
        new() { ["FunctionName"] = function, ["Name"] = name };

    private static Dictionary<string, string> Resource(string arn) => new() { ["Resource"] = arn };
}
