using System.Globalization;
using LambdaLayers.Containers.Core.Oci.Loopback;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Lets this process reach the base image that another process of the same build serves: publishing for several
/// runtime identifiers runs one inner build for each, perhaps elsewhere, and an HTTP proxy must stay out of that way.
/// </summary>
public sealed class JoinLambdaBaseImage : LayersTask
{
    /// <summary>Host and port of the loopback registry.</summary>
    [Required]
    public string ServedRegistry { get; set; } = "";

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        var port = int.Parse(ServedRegistry.AsSpan(ServedRegistry.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
        var key = $"LambdaLayers.Containers/join/{port}";
        const RegisteredTaskObjectLifetime Lifetime = RegisteredTaskObjectLifetime.Build;
        if (BuildEngine4.GetRegisteredTaskObject(key, Lifetime) is null)
            BuildEngine4.RegisterTaskObject(key, LoopbackProxyBypass.Install(port), Lifetime, allowEarlyCollection: false);
        return Task.CompletedTask;
    }
}
