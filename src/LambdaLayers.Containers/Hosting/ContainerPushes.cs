using Microsoft.Build.Framework;

namespace LambdaLayers.Containers.Hosting;

/// <summary>Keeps pushes as MSBuild task objects.</summary>
internal static class ContainerPushes
{
    private const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;

    /// <summary>Hands <paramref name="push"/> to MSBuild and gives the key for <see cref="End"/>.</summary>
    public static string Register(IBuildEngine4 engine, ContainerPush push)
    {
        var key = $"LambdaLayers.Containers/push/{Guid.NewGuid():n}";
        engine.RegisterTaskObject(key, push, Lifetime, allowEarlyCollection: false);
        return key;
    }

    /// <summary>Ends the push of that key; nothing when it is not there (any more).</summary>
    public static void End(IBuildEngine4 engine, string key)
    {
        if (engine.UnregisterTaskObject(key, Lifetime) is IDisposable push)
            push.Dispose();
    }
}
