using System.Formats.Tar;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Loopback;
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

    /// <summary>Writes to a temporary file beside <paramref name="path"/> and renames it, so that no half archive is left.</summary>
    /// <param name="names"><c>repository:tag</c>, at least one.</param>
    public static async Task WriteAsync(
        string path, ServedImage served, IReadOnlyList<Image> images, IReadOnlyList<string> names,
        CancellationToken cancellationToken)
    {
        var temporary = path + ".tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = File.Create(temporary))
            await using (var tar = new TarWriter(file, TarEntryFormat.Ustar))
            {
                await WriteContentAsync(tar, served, images, names, cancellationToken);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EnvironmentErrors.CannotWriteArchive(path, e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task WriteContentAsync(
        TarWriter tar, ServedImage served, IReadOnlyList<Image> images, IReadOnlyList<string> names,
        CancellationToken cancellationToken)
    {
        var blobs = served.Blobs.DistinctBy(b => b.Digest).OrderBy(b => b.Digest.Hex, StringComparer.Ordinal);
        foreach (var blob in blobs)
        {
            await using var content = await blob.OpenAsync(cancellationToken);
            await WriteAsync(tar, BlobPath(blob.Digest.Hex), content, cancellationToken);
        }

        foreach (var manifest in served.Manifests.Prepend(served.Root).DistinctBy(m => m.Digest))
            await WriteAsync(tar, BlobPath(manifest.Digest.Hex), manifest.Content, cancellationToken);
        if (images[0].Manifest.Family == ManifestFamily.Oci)
        {
            await WriteAsync(tar, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), cancellationToken);
            await WriteAsync(tar, "index.json", Index(served, names), cancellationToken);
        }

        if (images is [var only])
            await WriteAsync(tar, "manifest.json", DockerManifest(only, names), cancellationToken);
    }

    private static byte[] Index(ServedImage served, IReadOnlyList<string> names) => OciJson.Write(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.Index(ManifestFamily.Oci),
        ["manifests"] = new JsonArray([.. names.Select(name => (JsonNode)new JsonObject
        {
            ["mediaType"] = served.Root.MediaType,
            ["digest"] = served.Root.Digest.ToString(),
            ["size"] = served.Root.Content.Length,
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
