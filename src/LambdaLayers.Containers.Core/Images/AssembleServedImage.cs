using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Loopback;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>Makes of composed images what the loopback registry serves: one manifest, or an index of several.</summary>
internal static class AssembleServedImage
{
    /// <param name="repository">The name to serve under: the upstream one, so that registries can mount its blobs.</param>
    public static ServedImage Run(string repository, IReadOnlyList<ComposedImage> images)
    {
        var manifests = images.Select(i => new ServedManifest(i.Manifest.MediaType, i.Manifest.Bytes.ToArray())).ToList();
        var blobs = images.SelectMany(i => i.Blobs).ToList();
        if (images.Count == 1)
            return new ServedImage(repository, manifests[0], [], blobs);
        var index = ImageIndex.Of(images[0].Manifest.Family,
            images.Select(i => i.Manifest.Descriptor with { Platform = i.Base.Platform }));
        return new ServedImage(repository, new ServedManifest(index.MediaType, index.Bytes.ToArray()), manifests, blobs);
    }
}
