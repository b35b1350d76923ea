using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>
/// Changes of a function what is not as wanted: its code, then its settings, then its tags. When the settings fail after the
/// code was changed, the old code is put back: what runs is always one whole, old or new.
/// </summary>
internal sealed class UpdateFunction(
    ILambdaClient lambda, FunctionWaiter waiter, ReadFingerprint fingerprints, IEngineLog log)
{
    public async Task<DeploymentResult> RunAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        // Somebody else's update may be under way.
        var function = await waiter.UntilSettledAsync(request.Function.Text, cancellationToken);
        CheckDeployment.PackageType(request.Function, function);
        var configuration = function.Configuration!;
        var code = await CompareCodeAsync(request, function, cancellationToken);
        var (settings, settingChanges) = CompareSettings.Run(configuration, request.Settings);
        var tags = request.Settings.Tags
            .Where(x => function.Tags?.GetValueOrDefault(x.Key) != x.Value)
            .ToDictionary(x => x.Key, x => x.Value);
        var result = new DeploymentResult(configuration.FunctionArn ?? "",
        [
            .. code,
            .. settingChanges,
            .. tags.Select(x => new FunctionChange($"Tags.{x.Key}", function.Tags?.GetValueOrDefault(x.Key) ?? "", x.Value)),
        ]);
        if (request.DryRun)
            return result;

        var before = code.Count > 0 ? function : null;
        if (code.Count > 0)
            function = await new UpdateCode(lambda, waiter, log).RunAsync(request, function, cancellationToken);
        if (settingChanges.Count > 0)
            await UpdateSettingsAsync(request, settings, function, before, cancellationToken);
        if (tags.Count > 0)
            await lambda.TagResourceAsync(
                new TagResourceRequest { Resource = configuration.FunctionArn!, Tags = tags }, cancellationToken);
        return result;
    }

    private async Task<IReadOnlyList<FunctionChange>> CompareCodeAsync(
        DeploymentRequest request, GetFunctionResponse function, CancellationToken cancellationToken)
    {
        var changes = new List<FunctionChange>();
        var running = UpdateCode.ImageOf(function);
        var architecture = function.Configuration!.Architectures is [var first, ..] ? first : "x86_64";
        if (architecture != request.Image.Architecture)
            changes.Add(new FunctionChange("Architectures", architecture, request.Image.Architecture));
        else if (running.EndsWith("@" + request.Image.Digest, StringComparison.Ordinal)
            || await IsSameAppAsync(request, running, cancellationToken))
            return changes;
        changes.Add(new FunctionChange("ImageUri", running, request.Image.Uri));
        return changes;
    }

    private async Task<bool> IsSameAppAsync(
        DeploymentRequest request, string running, CancellationToken cancellationToken)
    {
        if (request.Image.Fingerprint is not { } wanted
            || await fingerprints.RunAsync(running, cancellationToken) != wanted)
            return false;
        log.Normal($"The function {request.Function} runs the same app, layers and base already: {running}");
        return true;
    }

    private async Task UpdateSettingsAsync(
        DeploymentRequest request,
        UpdateFunctionConfigurationRequest settings,
        GetFunctionResponse function,
        GetFunctionResponse? before,
        CancellationToken cancellationToken)
    {
        try
        {
            await lambda.UpdateFunctionConfigurationAsync(
                settings with { FunctionName = request.Function.Text, RevisionId = function.Configuration!.RevisionId },
                cancellationToken);
            var settled = (await waiter.UntilSettledAsync(request.Function.Text, cancellationToken)).Configuration!;
            if (settled.LastUpdateStatus == "Failed")
                throw FunctionErrors.SettingsFailed(
                    request.Function.Name, settled.LastUpdateStatusReasonCode ?? "", settled.LastUpdateStatusReason ?? "",
                    FunctionReasons.Advice(settled.LastUpdateStatusReasonCode ?? ""));
        }
        catch (LayersException e)
        {
            throw before is null
                ? FunctionErrors.Unchanged(e, request.Function.Name)
                : await new UpdateCode(lambda, waiter, log).PutBackAsync(request, before, e, cancellationToken);
        }
    }
}
