using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>
/// Brings a function into the wanted state, in order: create it or update code, settings and tags; then version and alias.
/// Running it again changes nothing.
/// </summary>
internal sealed class DeployFunction(IAwsClients clients, ReadFingerprint fingerprints, TimeProvider time, IEngineLog log)
{
    public async Task<DeploymentResult> RunAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        var lambda = clients.Lambda(request.Region, request.Profile);
        var waiter = new FunctionWaiter(lambda, time);
        var existing = await FindAsync(lambda, request.Function, cancellationToken);
        var result = existing is null
            ? await new CreateFunction(lambda, waiter, log).RunAsync(request, cancellationToken)
            : await new UpdateFunction(lambda, waiter, fingerprints, log).RunAsync(request, cancellationToken);
        if (request.DryRun || (!request.PublishVersion && request.Alias is null))
            return result;
        return await new ReleaseVersion(lambda, waiter, log).RunAsync(request, result, cancellationToken);
    }

    /// <summary>The function as it is; null when there is none.</summary>
    public static async Task<GetFunctionResponse?> FindAsync(
        ILambdaClient lambda, FunctionName function, CancellationToken cancellationToken)
    {
        try
        {
            return await lambda.GetFunctionAsync(new GetFunctionRequest { FunctionName = function.Text }, cancellationToken);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.NotFound)
        {
            return null;
        }
    }
}
