using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>
/// Freezes a function as a version and points an alias at it. Lambda makes no new version when nothing has changed since
/// the last one, so that running it again changes nothing.
/// </summary>
internal sealed class ReleaseVersion(LambdaClient lambda, FunctionWaiter waiter, IEngineLog log)
{
    public async Task<DeploymentResult> RunAsync(
        DeploymentRequest request, DeploymentResult deployed, CancellationToken cancellationToken)
    {
        var version = await PublishAsync(request.Function, cancellationToken);
        if (request.Alias is not { } name)
            return deployed with { Version = version };
        var change = await PointAsync(request.Function, name, version, cancellationToken);
        return deployed with
        {
            Version = version,
            Changes = change is null ? deployed.Changes : [.. deployed.Changes, change],
        };
    }

    private async Task<string> PublishAsync(FunctionName function, CancellationToken cancellationToken)
    {
        var published = await lambda.PublishVersionAsync(
            new PublishVersionRequest { FunctionName = function.Text }, cancellationToken);
        var version = published.Version ?? throw FunctionErrors.ResponseIncomplete(function.Name, "Version");
        var settled = (await waiter.UntilVersionSettledAsync(function.Text, version, cancellationToken)).Configuration!;
        return settled.State == "Failed"
            ? throw FunctionErrors.VersionFailed(
                function.Name, version, settled.StateReasonCode ?? "", settled.StateReason ?? "")
            : version;
    }

    private async Task<FunctionChange?> PointAsync(
        FunctionName function, string name, string version, CancellationToken cancellationToken)
    {
        var alias = await FindAsync(function, name, cancellationToken);
        if (alias is null)
        {
            await lambda.CreateAliasAsync(
                new CreateAliasRequest { FunctionName = function.Text, Name = name, FunctionVersion = version },
                cancellationToken);
            return new FunctionChange($"Alias {name}", "", version);
        }

        if (alias.RoutingConfig?.AdditionalVersionWeights is { Count: > 0 } weights)
            log.Warning(FunctionErrors.AliasSharesCalls(name, weights.Keys.Order(StringComparer.Ordinal).ToList()));
        if (alias.FunctionVersion == version)
            return null;
        await lambda.UpdateAliasAsync(
            new UpdateAliasRequest
            {
                FunctionName = function.Text,
                Name = name,
                FunctionVersion = version,
                RevisionId = alias.RevisionId,
            },
            cancellationToken);
        return new FunctionChange($"Alias {name}", alias.FunctionVersion ?? "", version);
    }

    private async Task<AliasConfiguration?> FindAsync(
        FunctionName function, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await lambda.GetAliasAsync(
                new GetAliasRequest { FunctionName = function.Text, Name = name }, cancellationToken);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.NotFound)
        {
            return null;
        }
    }
}
