using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>
/// Waits as the AWS SDKs' waiters do (botocore, lambda waiters-2.json: FunctionActiveV2, FunctionUpdatedV2,
/// PublishedVersionActive). Failing states are the caller's to judge.
/// </summary>
internal sealed class FunctionWaiter(LambdaClient lambda, TimeProvider time)
{
    private const int Attempts = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int VersionAttempts = 312;
    private static readonly TimeSpan VersionPause = TimeSpan.FromSeconds(5);

    /// <summary>Until the function is neither being created nor updated.</summary>
    public Task<GetFunctionResponse> UntilSettledAsync(string function, CancellationToken cancellationToken) =>
        WaitAsync(new GetFunctionRequest { FunctionName = function }, Attempts, Pause, cancellationToken);

    /// <summary>Until a published version has left Pending.</summary>
    public Task<GetFunctionResponse> UntilVersionSettledAsync(
        string function, string version, CancellationToken cancellationToken) =>
        WaitAsync(
            new GetFunctionRequest { FunctionName = function, Qualifier = version },
            VersionAttempts, VersionPause, cancellationToken);

    private async Task<GetFunctionResponse> WaitAsync(
        GetFunctionRequest request, int attempts, TimeSpan pause, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await lambda.GetFunctionAsync(request, cancellationToken);
            var configuration = response.Configuration
                ?? throw FunctionErrors.ResponseIncomplete(request.FunctionName, "Configuration");
            if (configuration is not { State: "Pending" } and not { LastUpdateStatus: "InProgress" })
                return response with { Configuration = configuration };
            if (attempt == attempts)
                throw FunctionErrors.NotSettled(
                    request.FunctionName, configuration.State ?? "", configuration.LastUpdateStatus ?? "",
                    (int)(attempts * pause).TotalSeconds);
            await Task.Delay(pause, time, cancellationToken);
        }
    }
}
