using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
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
    /// <summary>Runtime identifiers that images are made for.</summary>
    [Required]
    public string[] RuntimeIdentifiers { get; set; } = [];

    /// <summary>Looks up open versions and tags anew, whatever the lock file says, and shows what that changed.</summary>
    public bool Update { get; set; }

    /// <summary>Only shows what the lock file or the sources say; fetches no layer that is known, writes nothing.</summary>
    public bool ListOnly { get; set; }

    /// <summary><c>ContainerBaseImage</c>; says which registry the SDK's variables for pulling are meant for.</summary>
    public string BaseImage { get; set; } = "";

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var log = new TaskEngineLog(Log);
        // A list shows what lies on this machine too, but only what no build has to make first.
        var all = ReadItems();
        var items = all.Where(i => RemoteItems.KeyOf(i) is not null || (ListOnly && IsThere(i))).ToList();
        var platforms = ReadPlatforms(RuntimeIdentifiers);
        using var engine = new LayersEngine(ReadOptions() with
        {
            Registries = ReadRegistries(items),
            // What is looked up anew is not what the file says.
            VerifyLocked = VerifyLocked && !Update,
        }, log);
        // Only a publish knows the base image.
        engine.LockFile.KeepAll(LockKind.Base);
        if (Update)
            await engine.PinBaseImage.RefreshAsync(cancellationToken);
        var layers = new List<(string Platform, Layer Layer)>();
        foreach (var platform in platforms)
        {
            var context = new ResolveContext(platform, log) { Refresh = Update };
            var prepared = await engine.PrepareLayers.RunAsync(items, context, cancellationToken);
            layers.AddRange(prepared.Select(layer => (platform.ToString(), layer)));
        }

        var changes = engine.LockFile.Differences();
        if (!ListOnly)
        {
            await engine.MaterialiseLayers.RunAsync(layers.Select(l => l.Layer), cancellationToken);
            await engine.LockFile.SaveAsync(cancellationToken);
        }

        Report(all, layers, changes, await FindNewerAsync(engine, items, cancellationToken));
    }

    private RegistryUse ReadRegistries(IReadOnlyList<LayerItem> items) =>
        RemoteItems.RegistriesOf(ImageReference.TryParse(BaseImage, out var image) ? image : null, items);

    private static bool IsThere(LayerItem item) =>
        item.Kind is LayerKind.Zip || (item.Kind is LayerKind.Directory && item.BuildCommand is null);

    private async Task<IReadOnlyDictionary<string, string>> FindNewerAsync(
        LayersEngine engine, IReadOnlyList<LayerItem> items, CancellationToken cancellationToken) =>
        Update || ListOnly
            ? await engine.FindNewerVersions.RunAsync(items, cancellationToken)
            : new Dictionary<string, string>();

    private void Report(
        IReadOnlyList<LayerItem> items, IReadOnlyList<(string Platform, Layer Layer)> layers,
        IReadOnlyList<string> changes, IReadOnlyDictionary<string, string> newer)
    {
        IEnumerable<string> lines = Update
            ? LayerTable.Changes(changes, newer)
            : ListOnly ? LayerTable.Rows(items, layers, newer) : [LayerTable.Restored(layers)];
        foreach (var line in lines)
            Log.LogMessage(MessageImportance.High, "{0}", line);
    }
}
