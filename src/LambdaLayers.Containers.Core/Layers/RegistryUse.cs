using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>Which registries a build reads images from: decides who may see which credential.</summary>
/// <param name="BaseRegistry">Of the base image; null for scratch.</param>
/// <param name="Items">Registry and AWS profile of each image item.</param>
internal sealed record RegistryUse(string? BaseRegistry, IReadOnlyList<(string Registry, string? Profile)> Items)
{
    // Registries that nobody has an account at to read from.
    private static readonly string[] Anonymous = ["public.ecr.aws", "mcr.microsoft.com"];

    public static RegistryUse None { get; } = new(null, []);

    public static RegistryUse Of(ImageReference? @base, IEnumerable<LayerItem> items) => new(
        @base?.Registry,
        [
            .. items.Where(i => i.Kind == LayerKind.Image)
                .Select(i => ImageReference.TryParse(i.Include, out var image) ? (image.Registry, i.Profile) : ("", null))
                .Where(i => i.Item1.Length > 0),
        ]);

    /// <summary>
    /// Whether the SDK's variables for pulling, which name no registry, are meant for this one: the base image's; when
    /// that is one that everybody may read, the only other registry of the items.
    /// </summary>
    public bool VariablesAreMeantFor(string registry)
    {
        if (BaseRegistry is not null && !Anonymous.Contains(BaseRegistry, StringComparer.Ordinal))
            return registry == BaseRegistry;
        var others = Items.Select(i => i.Registry).Except(Anonymous, StringComparer.Ordinal).Distinct().ToList();
        return others is [var only] && registry == only;
    }

    /// <summary>Registry to the AWS profile that the first item there names.</summary>
    public IReadOnlyDictionary<string, string> Profiles => Items
        .Where(i => i.Profile is not null)
        .GroupBy(i => i.Registry, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.First().Profile!, StringComparer.Ordinal);
}
