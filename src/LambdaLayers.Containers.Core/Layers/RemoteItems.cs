using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>The items that the lock file is about.</summary>
internal static class RemoteItems
{
    /// <summary>The entry that belongs to the item; null for what lies on this machine.</summary>
    public static LockKey? KeyOf(LayerItem item) => item.Kind switch
    {
        LayerKind.Arn => new LockKey(LockKind.Arn, item.Include),
        LayerKind.Image => new LockKey(LockKind.Image, item.Include),
        LayerKind.Url when item.Sha256 is not null => UrlLayerSource.KeyOf(item),
        _ => null,
    };

    /// <summary>The registries that a build reads images from.</summary>
    /// <param name="base">The base image; null for scratch.</param>
    public static RegistryUse RegistriesOf(ImageReference? @base, IEnumerable<LayerItem> items) => new()
    {
        BaseRegistry = @base?.Registry,
        Profiles = items.Where(item => item.Kind == LayerKind.Image && item.Profile is not null)
            .Select(item => (Image: ImageReference.TryParse(item.Include, out var image) ? image : null, item.Profile))
            .Where(item => item.Image is not null)
            .GroupBy(item => item.Image!.Registry, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Profile!, StringComparer.Ordinal),
    };

    /// <summary>Keeps the entries of all items, also of those that this build leaves out because of their architecture.</summary>
    public static void Keep(LockFile lockFile, IEnumerable<LayerItem> items)
    {
        foreach (var group in items.GroupBy(KeyOf))
        {
            if (group.Key is not { } key)
                continue;
            lockFile.Keep(key.Kind, key.Include);
            lockFile.KeepSlots(key, [.. group.Select(i => new LockSlot(i.TargetPath)
            {
                SourcePath = i.Kind == LayerKind.Image ? i.SourcePath : null,
            })]);
        }
    }
}
