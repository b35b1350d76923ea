using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>A <see cref="SyntheticImage"/> with one file in each layer, as the engine's own types see it.</summary>
internal sealed record TestImage(SyntheticImage Source, ImageManifest Manifest, ImageConfig Config)
{
    /// <summary>The layers' blobs.</summary>
    public IReadOnlyList<byte[]> Layers { get; } = [.. Source.Layers.Select(layer => layer.Blob.ToArray())];

    /// <summary>Everything that goes to <c>/blobs/</c>.</summary>
    public IEnumerable<byte[]> Blobs => [Source.Config.ToArray(), .. Layers];

    /// <summary>Builds an image with a layer for each text, at <c>opt/N.txt</c>.</summary>
    public static TestImage Create(ManifestFamily family, Platform platform, params string[] texts)
    {
        var layers = texts.Select((text, i) => SyntheticLayer.Create(tar => tar.File($"opt/{i}.txt", text))).ToList();
        var source = new SyntheticImage(
            family == ManifestFamily.Docker ? ImageFamily.Docker : ImageFamily.Oci, platform.Architecture, [], layers);
        return new TestImage(
            source, ImageManifest.Parse(source.Manifest, Images.MediaTypes.Manifest(source.Family)), ImageConfig.Parse(source.Config));
    }

    /// <summary>Puts it into a registry's storage; the manifest's digest.</summary>
    public Digest AddTo(EmbeddedRegistry registry, string repository, string tag)
    {
        foreach (var blob in Blobs)
            registry.AddBlob(blob);
        return registry.AddManifest(repository, tag, Manifest.MediaType, Manifest.Bytes.ToArray());
    }
}
