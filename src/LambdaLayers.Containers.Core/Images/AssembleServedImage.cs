using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Loopback;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>Makes of composed images what the loopback registry serves: one manifest, or an index of several.</summary>
internal static class AssembleServedImage
{
    /// <param name="repository">The name to serve under: the upstream one, so that registries can mount its blobs.</param>
    public static ServedImage Run(string repository, IReadOnlyList<Image> images)
    {
        var manifests = images.Select(i => new ServedManifest(i.Manifest.MediaType, i.Manifest.Bytes.ToArray())).ToList();
        var blobs = images.SelectMany(BlobsOf).ToList();
        if (images.Count == 1)
            return new ServedImage(repository, manifests[0], [], blobs);
        var index = ImageIndex.Of(images[0].Manifest.Family, images.Select(i => i.Descriptor));
        return new ServedImage(repository, new ServedManifest(index.MediaType, index.Bytes.ToArray()), manifests, blobs);
    }

    private static IEnumerable<ServedBlob> BlobsOf(Image image) =>
    [
        ServedBlob.InMemory(image.Config.Bytes.ToArray()),
        .. image.Layers.Select(layer => new ServedBlob(layer.Digest, layer.Size, layer.OpenCompressedAsync)),
    ];
}
