using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// What all tasks share: parameters in, the engine's work, outputs out. The only place that catches: a failure that the
/// user can mend becomes one error with its code, anything else is left to MSBuild to report as a bug.
/// </summary>
public abstract class LayersTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <inheritdoc/>
    public sealed override bool Execute()
    {
        try
        {
            // Off MSBuild's thread, so that no synchronisation context of a host can deadlock.
            Task.Run(() => RunAsync(_cancellation.Token)).GetAwaiter().GetResult();
        }
        catch (LayersException e)
        {
            foreach (var diagnostic in e.Diagnostics)
                Log.LogDiagnostic(diagnostic);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // A file or a connection that no feature has a better message for is the world's fault all the same.
            Log.LogDiagnostic(new Diagnostic(
                "LLC5000", $"{GetType().Name} was stopped by this machine: {e.Message} Mend that, and publish again."));
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            // MSBuild says itself that the build was cancelled.
            return false;
        }

        return !Log.HasLoggedErrors;
    }

    /// <inheritdoc/>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>The work; throws <see cref="LayersException"/> for what the user can mend.</summary>
    private protected abstract Task RunAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the task holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _cancellation.Dispose();
    }
}
