using System.Globalization;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;

namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>
/// The operations of Lambda that are used here, over HTTP (REST-JSON), named as in AWSSDK.Lambda
/// (https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html). Every failure is an <see cref="AwsException"/>.
/// </summary>
internal sealed class LambdaClient(ServiceConfig config) : ServiceClient(config)
{
    private const string Functions = "/2015-03-31/functions";
    private const string Function = Functions + "/{FunctionName}";
    private const string Aliases = Function + "/aliases";

    public Task<GetLayerVersionByArnResponse> GetLayerVersionByArnAsync(
        GetLayerVersionByArnRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("GetLayerVersionByArn")
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
            new ServiceRequest("ListLayerVersions")
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
            new ServiceRequest("CreateFunction")
            {
                Path = Functions,
                Body = ServiceRequest.Json(request, LambdaJson.Default.CreateFunctionRequest),
            },
            LambdaJson.Default.FunctionConfiguration,
            cancellationToken);

    public Task<FunctionConfiguration> UpdateFunctionCodeAsync(
        UpdateFunctionCodeRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("UpdateFunctionCode")
            {
                Method = "PUT",
                Path = Function + "/code",
                PathParameters = Named(request.FunctionName),
                Body = ServiceRequest.Json(request, LambdaJson.Default.UpdateFunctionCodeRequest),
            },
            LambdaJson.Default.FunctionConfiguration,
            cancellationToken);

    public Task<FunctionConfiguration> UpdateFunctionConfigurationAsync(
        UpdateFunctionConfigurationRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("UpdateFunctionConfiguration")
            {
                Method = "PUT",
                Path = Function + "/configuration",
                PathParameters = Named(request.FunctionName),
                Body = ServiceRequest.Json(request, LambdaJson.Default.UpdateFunctionConfigurationRequest),
            },
            LambdaJson.Default.FunctionConfiguration,
            cancellationToken);

    public Task<GetFunctionResponse> GetFunctionAsync(GetFunctionRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("GetFunction")
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
            new ServiceRequest("PublishVersion")
            {
                Path = Function + "/versions",
                PathParameters = Named(request.FunctionName),
                Body = ServiceRequest.Json(request, LambdaJson.Default.PublishVersionRequest),
            },
            LambdaJson.Default.FunctionConfiguration,
            cancellationToken);

    public Task<AliasConfiguration> GetAliasAsync(GetAliasRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("GetAlias")
            {
                Method = "GET",
                Path = Aliases + "/{Name}",
                PathParameters = Named(request.FunctionName, request.Name),
            },
            LambdaJson.Default.AliasConfiguration,
            cancellationToken);

    public Task<AliasConfiguration> CreateAliasAsync(CreateAliasRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("CreateAlias")
            {
                Path = Aliases,
                PathParameters = Named(request.FunctionName),
                Body = ServiceRequest.Json(request, LambdaJson.Default.CreateAliasRequest),
            },
            LambdaJson.Default.AliasConfiguration,
            cancellationToken);

    public Task<AliasConfiguration> UpdateAliasAsync(UpdateAliasRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("UpdateAlias")
            {
                Method = "PUT",
                Path = Aliases + "/{Name}",
                PathParameters = Named(request.FunctionName, request.Name),
                Body = ServiceRequest.Json(request, LambdaJson.Default.UpdateAliasRequest),
            },
            LambdaJson.Default.AliasConfiguration,
            cancellationToken);

    public Task TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceRequest("TagResource")
            {
                Path = "/2017-03-31/tags/{Resource}",
                PathParameters = new Dictionary<string, string> { ["Resource"] = request.Resource },
                Body = ServiceRequest.Json(request, LambdaJson.Default.TagResourceRequest),
            },
            LambdaJson.Default.EmptyResponse,
            cancellationToken);

    private static Dictionary<string, string> Named(string function) => new() { ["FunctionName"] = function };

    private static Dictionary<string, string> Named(string function, string name) =>
        new() { ["FunctionName"] = function, ["Name"] = name };
}
