using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Oci.Staging;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers.Hosting;

/// <summary>
/// Everything that lives from the staging of the base image to the publishing of the finished one. MSBuild owns it as a task
/// object, and so disposes it at the end of the build even when the build fails.
/// </summary>
internal sealed class StagedBuild(
    Engine engine, TaskEngineLog log, StagingRegistry registry, VirtualBaseRequest request) : IDisposable
{
    private const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;
    private readonly ProxyBypass _bypass = ProxyBypass.Install(registry.Port);
    private int _disposed;

    public Engine Engine => engine;

    /// <summary>Where the engine's messages go.</summary>
    public TaskEngineLog Log => log;

    public StagingRegistry Registry => registry;

    /// <summary>What the base was made of.</summary>
    public VirtualBaseRequest Request => request;

    /// <summary>Hands it to MSBuild under the base image's tag, which no other build has.</summary>
    public void Register(IBuildEngine4 buildEngine) =>
        buildEngine.RegisterTaskObject(Name(registry.Base.Tag), this, Lifetime, allowEarlyCollection: false);

    /// <summary>Takes back the build of a tag, whose end is then the caller's; null when it is not in this process.</summary>
    public static StagedBuild? Take(IBuildEngine4 buildEngine, string tag)
    {
        // Another load context's object under the same name is not ours; it can only be ended.
        var found = buildEngine.UnregisterTaskObject(Name(tag), Lifetime);
        if (found is StagedBuild build)
            return build;
        (found as IDisposable)?.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        registry.Dispose();
        _bypass.Dispose();
        engine.Dispose();
    }

    private static string Name(string tag) => $"LambdaLayers.Containers/{tag}";
}
