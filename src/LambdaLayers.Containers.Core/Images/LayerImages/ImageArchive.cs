using System.Formats.Tar;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images.LayerImages;

/// <summary>
/// Writes images into one tar file that docker, podman and skopeo read: an OCI image layout
/// (https://github.com/opencontainers/image-spec/blob/main/image-layout.md) for OCI images, and for one platform docker's own
/// <c>manifest.json</c> beside it. The same images give the same file.
/// </summary>
internal static class ImageArchive
{
    private const string ReferenceName = "org.opencontainers.image.ref.name";

    /// <summary>Writes the archive, whole or not at all; LLC5009 where that cannot be done.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="published">The images, and their index.</param>
    /// <param name="names"><c>repository:tag</c>, at least one.</param>
    /// <param name="cancellationToken">Stops the writing; an older archive stays.</param>
    public static Task WriteAsync(
        string path, PublishedImages published, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(
            path,
            async (file, token) =>
            {
                await using var tar = new TarWriter(file, TarEntryFormat.Ustar, leaveOpen: true);
                await WriteContentAsync(tar, published, names, token);
            },
            cause => ImageErrors.CannotWriteArchive(path, cause),
            cancellationToken);

    private static async Task WriteContentAsync(
        TarWriter tar, PublishedImages published, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var layers = published.Images.SelectMany(i => i.Layers).DistinctBy(l => l.Digest);
        foreach (var layer in layers.OrderBy(l => l.Digest.Hex, StringComparer.Ordinal))
        {
            await using var content = await layer.OpenCompressedAsync(cancellationToken);
            await WriteAsync(tar, BlobPath(layer.Digest.Hex), content, cancellationToken);
        }

        foreach (var image in published.Images)
        {
            await WriteAsync(tar, BlobPath(image.Config.Digest.Hex), image.Config.Bytes.ToArray(), cancellationToken);
            await WriteAsync(tar, BlobPath(image.Digest.Hex), image.Manifest.Bytes.ToArray(), cancellationToken);
        }

        if (published.Index is { } index)
            await WriteAsync(tar, BlobPath(index.Digest.Hex), index.Bytes.ToArray(), cancellationToken);
        if (published.Images[0].Manifest.Family == ManifestFamily.Oci)
        {
            await WriteAsync(tar, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), cancellationToken);
            await WriteAsync(tar, "index.json", Index(published, names), cancellationToken);
        }

        if (published.Index is null)
            await WriteAsync(tar, "manifest.json", DockerManifest(published.Images[0], names), cancellationToken);
    }

    private static byte[] Index(PublishedImages published, IReadOnlyList<string> names) => OciJson.Write(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.Index(ManifestFamily.Oci),
        ["manifests"] = new JsonArray([.. names.Select(name => (JsonNode)new JsonObject
        {
            ["mediaType"] = published.Index?.MediaType ?? published.Images[0].Manifest.MediaType,
            ["digest"] = published.Digest.ToString(),
            ["size"] = (published.Index?.Bytes ?? published.Images[0].Manifest.Bytes).Length,
            ["annotations"] = new JsonObject
            {
                ["io.containerd.image.name"] = name,
                [ReferenceName] = name[(name.LastIndexOf(':') + 1)..],
            },
        })]),
    });

    // https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format
    private static byte[] DockerManifest(Image image, IReadOnlyList<string> names) => OciJson.Write(new JsonArray(
        new JsonObject
        {
            ["Config"] = BlobPath(image.Config.Digest.Hex),
            ["RepoTags"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
            ["Layers"] = new JsonArray([.. image.Manifest.Layers.Select(l => (JsonNode)BlobPath(l.Digest.Hex))]),
        }));

    private static string BlobPath(string hex) => $"blobs/sha256/{hex}";

    private static Task WriteAsync(TarWriter tar, string name, byte[] content, CancellationToken cancellationToken) =>
        WriteAsync(tar, name, new MemoryStream(content, writable: false), cancellationToken);

    private static Task WriteAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) =>
        tar.WriteEntryAsync(
            new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                ModificationTime = PackOptions.ZipEpoch,
                Mode = (UnixFileMode)0b110_100_100,
                DataStream = content,
            },
            cancellationToken);
}
