using System.Globalization;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>
/// Decides after each failure of one operation whether and when it is tried again: exponential waits, or the server's own
/// Retry-After where that is bearable. Every wait is logged, so that a slow build explains itself.
/// </summary>
/// <param name="what">For the log: <c>the manifest of '…'</c>.</param>
internal sealed class RetryLoop(HttpPolicy policy, TimeProvider time, IEngineLog log, string what)
{
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);
    private int _failures;

    /// <summary>The last attempt has brought something: patience begins anew.</summary>
    public void Progressed() => _failures = 0;

    /// <summary>Waits before another attempt; false when there have been enough.</summary>
    public async Task<bool> WaitAsync(HttpFailure failure, CancellationToken cancellationToken)
    {
        _failures++;
        if (!failure.IsTransient || failure.RetryAfter > policy.LongestRetryAfter
            || _failures >= (failure.IsConnecting ? policy.MaximumConnectAttempts : policy.MaximumAttempts))
            return false;
        var wait = policy.FirstDelay * Math.Pow(2, _failures - 1);
        wait = wait < policy.LongestDelay ? wait : policy.LongestDelay;
        wait = failure.RetryAfter > wait ? failure.RetryAfter.Value : wait;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{failure.Host}: {what} failed ({failure.Reason}). Trying again in {wait.TotalSeconds:0.#} seconds.");
        if (wait >= LongWait)
            log.High(line);
        else
            log.Normal(line);
        await Task.Delay(wait, time, cancellationToken);
        return true;
    }
}
