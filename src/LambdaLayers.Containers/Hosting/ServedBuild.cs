using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Oci.Loopback;

namespace LambdaLayers.Containers.Hosting;

/// <summary>
/// Everything that must live from the hand-off to the end of the publish. MSBuild owns it as a task object, and so
/// disposes it at the end of the build even when the build fails.
/// </summary>
internal sealed class ServedBuild(LayersEngine engine, LoopbackRegistry registry) : IDisposable
{
    private readonly LoopbackProxyBypass _bypass = LoopbackProxyBypass.Install(registry.Port);
    private int _disposed;

    public LoopbackRegistry Registry => registry;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        registry.Dispose();
        _bypass.Dispose();
        engine.Dispose();
    }
}
