namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Repeats what failed for now: exponential waits, or the server's own Retry-After when it is bearable.
/// </summary>
internal sealed class RetryPolicy(RegistryOptions options, TimeProvider time)
{
    /// <summary>
    /// Runs <paramref name="attempt"/> until it does not throw <see cref="TransientFailure"/>, or patience ends.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            TimeSpan delay;
            try
            {
                return await attempt(cancellationToken);
            }
            catch (TransientFailure failure)
            {
                if (WaitAfter(failure, number) is not { } wait)
                    throw failure.Final;
                delay = wait;
                options.Notice($"Trying again in {delay.TotalSeconds:0.#} seconds, after: {failure.Message}");
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private TimeSpan? WaitAfter(TransientFailure failure, int number)
    {
        if (number >= (failure.Connecting ? options.MaximumConnectAttempts : options.MaximumAttempts))
            return null;
        var wait = options.FirstDelay * Math.Pow(2, number - 1);
        if (failure.RetryAfter is not { } asked)
            return wait < options.MaximumDelay ? wait : options.MaximumDelay;
        if (asked > options.MaximumDelay)
            return null;
        return asked > wait ? asked : wait;
    }
}
