using LambdaLayers.Containers.Hosting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Stops what <see cref="ServeLambdaBaseImage"/> started; does nothing when that has stopped already.</summary>
public sealed class StopLambdaBaseImage : LayersTask
{
    /// <summary>The tag that the image was served under.</summary>
    [Required]
    public string ServedTag { get; set; } = "";

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        ServedBuilds.Stop(BuildEngine4, ServedTag);
        return Task.CompletedTask;
    }
}
