using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Logging;
using LambdaLayers.Containers.Reporting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Fetches and packs the project's remote layers into the cache and writes the lock file; makes no image. Layers that lie
/// on this machine, or that the build makes, need no restoring.
/// </summary>
public sealed class RestoreLambdaLayers : EngineTask
{
    /// <summary>Looks up open versions and tags anew, whatever the lock file says, and shows what that changed.</summary>
    public bool Update { get; set; }

    /// <summary>Only shows what the lock file or the sources say; fetches no layer that is known, writes nothing.</summary>
    public bool ListOnly { get; set; }

    /// <summary><c>ContainerBaseImage</c>; says which registry the SDK's variables for pulling are meant for.</summary>
    public string BaseImage { get; set; } = "";

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        // A list shows what lies on this machine too, but only what no build has to make first.
        var all = ReadItems();
        var items = all.Where(i => RemoteItems.KeyOf(i) is not null || (ListOnly && IsThere(i))).ToList();
        var mode = Update ? RestoreMode.Update : ListOnly ? RestoreMode.List : RestoreMode.Restore;
        var options = ReadOptions();
        using var engine = new Engine(
            options with
            {
                Registries = RemoteItems.RegistriesOf(ImageReference.TryParse(BaseImage, out var image) ? image : null, items),
                // What is looked up anew is not what the file says, and a list changes nothing.
                VerifyLocked = options.VerifyLocked && mode == RestoreMode.Restore,
                LockedMode = options.LockedMode && mode != RestoreMode.List,
            },
            new TaskEngineLog(this));
        var restored = await engine.RestoreAsync(items, ReadPlatforms(), mode, cancellationToken);
        IEnumerable<string> lines = mode switch
        {
            RestoreMode.Update => LayerTable.Changes(restored.Changes, restored.Newer),
            RestoreMode.List => LayerTable.Rows(all, restored.Layers, restored.Newer),
            _ => [LayerTable.Restored(restored.Layers)],
        };
        foreach (var line in lines)
            Log.LogMessage(MessageImportance.High, "{0}", line);
    }

    private static bool IsThere(LayerItem item) =>
        item.Kind is LayerKind.Zip || (item.Kind is LayerKind.Directory && item.BuildCommand is null);
}
