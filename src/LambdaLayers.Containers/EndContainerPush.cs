using LambdaLayers.Containers.Hosting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Takes back what <see cref="PrepareContainerPush"/> installed; does nothing when that has happened already.</summary>
public sealed class EndContainerPush : LayersTask
{
    /// <summary>What <see cref="PrepareContainerPush"/> gave.</summary>
    [Required]
    public string Push { get; set; } = "";

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        ContainerPushes.End(BuildEngine4, Push);
        return Task.CompletedTask;
    }
}
