using Microsoft.Build.Framework;

namespace LambdaLayers.Containers.Hosting;

/// <summary>Keeps served builds as MSBuild task objects, one for each publish.</summary>
internal static class ServedBuilds
{
    private const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;

    /// <summary>Hands <paramref name="build"/> to MSBuild under <paramref name="key"/>, which no other build has.</summary>
    public static void Register(IBuildEngine4 engine, string key, ServedBuild build) =>
        engine.RegisterTaskObject(Name(key), build, Lifetime, allowEarlyCollection: false);

    /// <summary>Stops what is served under <paramref name="key"/>; nothing when it is not there (any more).</summary>
    public static void Stop(IBuildEngine4 engine, string key)
    {
        // Another load context's object under the same name is not ours; IDisposable is shared by all.
        if (engine.UnregisterTaskObject(Name(key), Lifetime) is IDisposable build)
            build.Dispose();
    }

    private static string Name(string key) => $"LambdaLayers.Containers/{key}";
}
