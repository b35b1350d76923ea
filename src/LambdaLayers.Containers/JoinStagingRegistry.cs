using System.Globalization;
using LambdaLayers.Containers.Core.Oci.Staging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Lets this process reach the staging registry of another process of the same build: publishing for several runtime
/// identifiers runs one inner build for each, perhaps elsewhere, and an HTTP proxy must stay out of that way.
/// </summary>
public sealed class JoinStagingRegistry : LayersTask
{
    /// <summary>Host and port of the staging registry.</summary>
    [Required]
    public string Registry { get; set; } = "";

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        var port = int.Parse(Registry.AsSpan(Registry.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
        var key = $"LambdaLayers.Containers/join/{port}";
        const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;
        if (BuildEngine4.GetRegisteredTaskObject(key, Lifetime) is null)
            BuildEngine4.RegisterTaskObject(key, ProxyBypass.Install(port), Lifetime, allowEarlyCollection: false);
        return Task.CompletedTask;
    }
}
