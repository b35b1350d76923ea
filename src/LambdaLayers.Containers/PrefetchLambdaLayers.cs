using LambdaLayers.Containers.Core.Deployment;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Hosting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Begins to fetch and pack what the image is going to need, and ends at once: the rest happens while the project is
/// compiled. It never fails; <see cref="StageLambdaImage"/> tells what is wrong.
/// </summary>
public sealed class PrefetchLambdaLayers : EngineTask
{
    /// <summary><c>ContainerBaseImage</c>, where it is known before the build; else empty.</summary>
    public string BaseImage { get; set; } = "";

    /// <summary>Whether every layer's bytes are wanted, as for an archive; a registry may have those of the lock file.</summary>
    public bool AllWanted { get; set; }

    /// <summary>Names what was begun, for those who wait for it; empty when there was nothing to do.</summary>
    [Output]
    public string Prefetch { get; set; } = "";

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var items = ReadItems().Where(IsThereBeforeTheBuild).ToList();
            if (items.Count == 0)
                return Task.CompletedTask;
            var image = BaseImage != Image.ScratchName && ImageReference.TryParse(BaseImage, out var reference) ? reference : null;
            var request = new VirtualBaseRequest(image, ReadPlatforms(), items)
            {
                LockBase = PropertyValues.Flag(Property, "LambdaLayersLockBaseImage") ?? false,
            };
            var options = ReadOptions() with { Registries = RemoteItems.RegistriesOf(image, items) };
            Prefetch = LayerPrefetch.Start(BuildEngine4, options, request, AllWanted);
        }
        catch (LayersException e)
        {
            Log.LogMessage(MessageImportance.Low, "{0}", $"Nothing is fetched ahead: {e.Message}");
        }

        return Task.CompletedTask;
    }

    // A folder may hold what the build is about to write.
    private static bool IsThereBeforeTheBuild(LayerItem item) =>
        RemoteItems.KeyOf(item) is not null || (item.Kind == LayerKind.Zip && File.Exists(item.FullPath));
}
