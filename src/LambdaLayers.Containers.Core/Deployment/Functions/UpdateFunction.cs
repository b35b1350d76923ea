using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>
/// Changes of a function what is not as wanted: its code, then its settings, then its tags. When the settings fail after the
/// code was changed, the old code is put back: what runs is always one whole, old or new.
/// </summary>
internal sealed class UpdateFunction(LambdaClient lambda, FunctionWaiter waiter, IEngineLog log)
{
    /// <summary>The function's ARN and what was changed, or would be in a dry run.</summary>
    public async Task<(string Arn, IReadOnlyList<FunctionChange> Changes)> RunAsync(
        DeploymentRequest request, PublishedImage image, CancellationToken cancellationToken)
    {
        // Another update may be under way.
        var function = await waiter.UntilSettledAsync(request.Function.Text, cancellationToken);
        var configuration = function.Configuration!;
        FunctionDeployment.DemandImageFunction(request.Function, configuration);
        var code = CompareCode(function, image);
        var (settings, settingChanges) = ConfigurationDiff.Between(configuration, request.Desired);
        var tags = request.Desired.Tags
            .Where(x => function.Tags?.GetValueOrDefault(x.Key) != x.Value)
            .ToDictionary(x => x.Key, x => x.Value);
        IReadOnlyList<FunctionChange> all =
        [
            .. code,
            .. settingChanges,
            .. tags.Select(x => new FunctionChange(
                $"Tags.{x.Key}", function.Tags?.GetValueOrDefault(x.Key) ?? "", x.Value)),
        ];
        var arn = configuration.FunctionArn
            ?? throw FunctionErrors.ResponseIncomplete(request.Function.Name, "FunctionArn");
        if (request.DryRun)
            return (arn, all);
        var before = function;
        if (code.Count > 0)
            function = await UpdateCodeAsync(request, image, function, cancellationToken);
        if (settingChanges.Count > 0)
        {
            try
            {
                await UpdateSettingsAsync(request, settings, function, cancellationToken);
            }
            catch (LayersException e)
            {
                throw code.Count == 0
                    ? FunctionErrors.Unchanged(e, request.Function.Name)
                    : await PutBackAsync(request, image, before, e, cancellationToken);
            }
        }

        if (tags.Count > 0)
            await lambda.TagResourceAsync(new TagResourceRequest { Resource = arn, Tags = tags }, cancellationToken);
        return (arn, all);
    }

    private static List<FunctionChange> CompareCode(GetFunctionResponse function, PublishedImage image)
    {
        var running = ImageOf(function);
        var architecture = ArchitectureOf(function);
        if (architecture == image.Architecture && running.EndsWith($"@{image.Digest}", StringComparison.Ordinal))
            return [];
        var changes = new List<FunctionChange> { new("ImageUri", running, image.Uri) };
        if (architecture != image.Architecture)
            changes.Insert(0, new FunctionChange("Architectures", architecture, image.Architecture));
        return changes;
    }

    // By digest where Lambda tells it. A digest that was deployed is what runs; what Lambda resolved it to is news only for
    // a tag, and emulators make something of their own of it.
    private static string ImageOf(GetFunctionResponse function)
    {
        var deployed = function.Code?.ImageUri ?? "";
        return deployed.Contains("@sha256:", StringComparison.Ordinal)
            ? deployed
            : function.Code?.ResolvedImageUri ?? deployed;
    }

    private static string ArchitectureOf(GetFunctionResponse function) =>
        function.Configuration?.Architectures is [var first, ..] ? first : Platform.LinuxAmd64.LambdaArchitecture;

    // The function with its new image; when that fails Lambda keeps the old one running.
    private async Task<GetFunctionResponse> UpdateCodeAsync(
        DeploymentRequest request, PublishedImage image, GetFunctionResponse function, CancellationToken cancellationToken)
    {
        var name = request.Function.Name;
        var old = ImageOf(function);
        log.Normal($"Updating the function {request.Function} from {old} to {image.Uri}.");
        try
        {
            await lambda.UpdateFunctionCodeAsync(
                Code(request, image.Uri, image.Architecture, function.Configuration!.RevisionId), cancellationToken);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.ImageAccessDenied)
        {
            throw FunctionErrors.ImageDenied(name, image.Uri);
        }
        catch (LayersException e)
        {
            throw FunctionErrors.Unchanged(e, name);
        }

        var settled = await waiter.UntilSettledAsync(request.Function.Text, cancellationToken);
        return settled.Configuration is { LastUpdateStatus: "Failed" } failed
            ? throw FunctionErrors.CodeFailed(
                name, old, failed.LastUpdateStatusReasonCode ?? "", failed.LastUpdateStatusReason ?? "")
            : settled;
    }

    private async Task UpdateSettingsAsync(
        DeploymentRequest request,
        UpdateFunctionConfigurationRequest settings,
        GetFunctionResponse function,
        CancellationToken cancellationToken)
    {
        var body = settings with
        {
            FunctionName = request.Function.Text,
            RevisionId = function.Configuration!.RevisionId,
        };
        await lambda.UpdateFunctionConfigurationAsync(body, cancellationToken);
        var settled = (await waiter.UntilSettledAsync(request.Function.Text, cancellationToken)).Configuration!;
        if (settled.LastUpdateStatus == "Failed")
            throw FunctionErrors.SettingsFailed(
                request.Function.Name, settled.LastUpdateStatusReasonCode ?? "", settled.LastUpdateStatusReason ?? "");
    }

    // Gives the function its image of before, and the error that says how that went.
    private async Task<LayersException> PutBackAsync(
        DeploymentRequest request,
        PublishedImage image,
        GetFunctionResponse before,
        LayersException cause,
        CancellationToken cancellationToken)
    {
        var old = ImageOf(before);
        log.Normal($"The settings of {request.Function} cannot be changed; putting its code back to {old}.");
        try
        {
            await waiter.UntilSettledAsync(request.Function.Text, cancellationToken);
            // Without a revision: whatever the failed change left, the old code is what has to run.
            await lambda.UpdateFunctionCodeAsync(
                Code(request, old, ArchitectureOf(before), revision: null), cancellationToken);
            var settled = await waiter.UntilSettledAsync(request.Function.Text, cancellationToken);
            return settled.Configuration is { LastUpdateStatus: "Failed" }
                ? FunctionErrors.NotPutBack(cause, request.Function.Name, old, image.Uri)
                : FunctionErrors.PutBack(cause, request.Function.Name, old);
        }
        catch (LayersException)
        {
            return FunctionErrors.NotPutBack(cause, request.Function.Name, old, image.Uri);
        }
    }

    private static UpdateFunctionCodeRequest Code(
        DeploymentRequest request, string image, string architecture, string? revision) => new()
        {
            FunctionName = request.Function.Text,
            ImageUri = image,
            Architectures = [architecture],
            RevisionId = revision,
        };
}
