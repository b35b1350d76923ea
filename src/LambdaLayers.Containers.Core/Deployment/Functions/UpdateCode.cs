using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>Gives a function another image, and puts an old one back.</summary>
internal sealed class UpdateCode(ILambdaClient lambda, FunctionWaiter waiter, IEngineLog log)
{
    /// <summary>The function with its new image; when that fails Lambda keeps the old one running.</summary>
    public async Task<GetFunctionResponse> RunAsync(
        DeploymentRequest request, GetFunctionResponse function, CancellationToken cancellationToken)
    {
        var old = ImageOf(function);
        log.Normal($"Updating the function {request.Function} from {old} to {request.Image.Uri}.");
        try
        {
            await lambda.UpdateFunctionCodeAsync(
                Body(request, request.Image.Uri, request.Image.Architecture, function.Configuration!.RevisionId),
                cancellationToken);
        }
        catch (LayersException e)
        {
            throw e is AwsException { Kind: AwsFailureKind.ImageAccessDenied }
                ? FunctionErrors.ImageDenied(request.Function.Name, request.Image.Uri, e)
                : FunctionErrors.Unchanged(e, request.Function.Name);
        }

        var settled = await waiter.UntilSettledAsync(request.Function.Text, cancellationToken);
        if (settled.Configuration is { LastUpdateStatus: "Failed" } failed)
            throw FunctionErrors.CodeFailed(
                request.Function.Name, old, failed.LastUpdateStatusReasonCode ?? "", failed.LastUpdateStatusReason ?? "",
                FunctionReasons.Advice(failed.LastUpdateStatusReasonCode ?? ""));
        return settled;
    }

    /// <summary>The image that a function runs, by digest where Lambda tells it.</summary>
    public static string ImageOf(GetFunctionResponse function) =>
        function.Code?.ResolvedImageUri ?? function.Code?.ImageUri ?? "";

    /// <summary>Gives the function its image of before, and the error that says how that went.</summary>
    public async Task<LayersException> PutBackAsync(
        DeploymentRequest request, GetFunctionResponse before, LayersException cause, CancellationToken cancellationToken)
    {
        var old = ImageOf(before);
        var architecture = before.Configuration?.Architectures is [var first, ..] ? first : "x86_64";
        log.Normal($"The settings of {request.Function} cannot be changed; putting its code back to {old}.");
        try
        {
            await waiter.UntilSettledAsync(request.Function.Text, cancellationToken);
            // Without a revision: whatever the failed change left, the old code is what has to run.
            await lambda.UpdateFunctionCodeAsync(Body(request, old, architecture, null), cancellationToken);
            var settled = await waiter.UntilSettledAsync(request.Function.Text, cancellationToken);
            return settled.Configuration is { LastUpdateStatus: "Failed" }
                ? FunctionErrors.NotPutBack(cause, request.Function.Name, old, request.Image.Uri)
                : FunctionErrors.PutBack(cause, request.Function.Name, old);
        }
        catch (LayersException)
        {
            return FunctionErrors.NotPutBack(cause, request.Function.Name, old, request.Image.Uri);
        }
    }

    private static UpdateFunctionCodeRequest Body(
        DeploymentRequest request, string image, string architecture, string? revision) => new()
        {
            FunctionName = request.Function.Text,
            ImageUri = image,
            Architectures = [architecture],
            RevisionId = revision,
        };
}
