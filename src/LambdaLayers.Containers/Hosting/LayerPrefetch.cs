using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers.Hosting;

/// <summary>
/// Fetches and packs layers into the cache while the project is compiled. MSBuild owns it as a task object: it ends with the
/// build, however that ends. Whoever wants the layers waits for it and then goes the whole way through the cache: what failed here
/// fails there again, and is told there only.
/// </summary>
internal sealed class LayerPrefetch : IDisposable
{
    private const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;

    // Everything stops at once when it is told to, but for programs that give out credentials.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly DeferredEngineLog _log = new();
    private readonly Task<PrefetchedLayers> _work;

    private LayerPrefetch(EngineOptions options, VirtualBaseRequest request, bool isAllWanted)
    {
        var token = _cancellation.Token;
        _work = Task.Run(() => RunAsync(options, request, isAllWanted, token), CancellationToken.None);
    }

    /// <summary>Starts it and hands it to MSBuild. Gives its name for <see cref="WaitAsync"/>, which no other build has.</summary>
    public static string Start(IBuildEngine4 buildEngine, EngineOptions options, VirtualBaseRequest request, bool isAllWanted)
    {
        var name = $"LambdaLayers.Containers/prefetch/{Guid.NewGuid():n}";
        buildEngine.RegisterTaskObject(name, new LayerPrefetch(options, request, isAllWanted), Lifetime, allowEarlyCollection: false);
        return name;
    }

    /// <summary>
    /// Waits until it is done, and passes its messages on. Nothing was done when it is not in this process, or another load
    /// context's.
    /// </summary>
    public static async Task<PrefetchedLayers> WaitAsync(
        IBuildEngine4 buildEngine, string name, IEngineLog log, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || buildEngine.GetRegisteredTaskObject(name, Lifetime) is not LayerPrefetch prefetch)
            return PrefetchedLayers.None;
        // The same warnings come when the image is made.
        prefetch._log.PassTo(new QuietEngineLog(log));
        try
        {
            return await prefetch._work.WaitAsync(cancellationToken);
        }
        finally
        {
            prefetch._log.PassTo(null);
        }
    }

    public void Dispose()
    {
        _cancellation.Cancel();
        if (_work.Wait(LongestEnd))
            _cancellation.Dispose();
    }

    private async Task<PrefetchedLayers> RunAsync(
        EngineOptions options, VirtualBaseRequest request, bool isAllWanted, CancellationToken cancellationToken)
    {
        var layers = PrefetchedLayers.None;
        await TryAsync(async () =>
        {
            using var engine = new Engine(options, _log);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var pulling = TryAsync(() => engine.PrefetchBaseAsync(request, enough.Token));
            await TryAsync(async () => layers = await engine.PrefetchLayersAsync(request, isAllWanted, cancellationToken));
            // The base image's few documents are not worth waiting for.
            await enough.CancelAsync();
            await pulling;
        });
        return layers;
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // Nobody wants it any longer.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Only our own messages are known to hold no secret.
            _log.Low($"Not fetched ahead: {(e is LayersException ? e.Message : e.GetType().Name)}");
        }
    }
}
