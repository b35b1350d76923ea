using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images.Archives;

/// <summary>
/// Reads images out of archives as builders and <c>docker save</c> write them: an OCI image layout
/// (https://github.com/opencontainers/image-spec/blob/main/image-layout.md), which goes first where both are there, or docker's own
/// <c>manifest.json</c>.
/// </summary>
internal sealed class ReadImageArchive(ContentCache cache)
{
    /// <summary>The images in the archive or folder at <paramref name="path"/>. Throws LLC3590 for one that holds none.</summary>
    public async Task<StoredImages> RunAsync(string path, CancellationToken cancellationToken)
    {
        ArchiveFiles? files = null;
        try
        {
            files = await ArchiveFiles.OpenAsync(path, cache, cancellationToken);
            var images = await ReadLayoutAsync(files, path, cancellationToken)
                ?? await ReadDockerAsync(files, path, cancellationToken)
                ?? throw ImageErrors.NotAnArchive(path, "it has neither an index.json nor a manifest.json");
            return images with { Source = files };
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or EndOfStreamException or JsonException)
        {
            files?.Dispose();
            throw ImageErrors.NotAnArchive(path, e.Message, e);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            files?.Dispose();
            throw FileErrors.CannotRead(path, e);
        }
        catch
        {
            files?.Dispose();
            throw;
        }
    }

    private static async Task<StoredImages?> ReadLayoutAsync(ArchiveFiles files, string path, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync("index.json", Limits.Default.ManifestBytes, cancellationToken) is not { } bytes)
            return null;
        var index = ImageIndex.Parse(bytes, MediaTypes.OciIndex);
        ImageIndex? named = null;
        // The layout's own index only says where the image is; several names may lead to the same one.
        while (index.Manifests.DistinctBy(m => m.Digest).ToList() is [var only] && MediaTypes.IsIndex(only.MediaType) && named is null)
            index = named = ImageIndex.Parse(await DocumentAsync(files, only, cancellationToken), only.MediaType);
        var images = new List<Image>();
        foreach (var entry in index.Manifests.Where(m => !m.IsAttestation && MediaTypes.IsManifest(m.MediaType)).DistinctBy(m => m.Digest))
        {
            var manifest = ImageManifest.Parse(await DocumentAsync(files, entry, cancellationToken), entry.MediaType);
            if (manifest.IsImage)
                images.Add(await ReadAsync(files, manifest, path, cancellationToken));
        }

        return images.Count == 0 ? null : new StoredImages(images, named);
    }

    private static async Task<Image> ReadAsync(
        ArchiveFiles files, ImageManifest manifest, string path, CancellationToken cancellationToken)
    {
        var config = ImageConfig.Parse(await DocumentAsync(files, manifest.Config, cancellationToken));
        if (config.DiffIds.Count != manifest.Layers.Count)
            throw new FormatException($"the config describes {config.DiffIds.Count} layers, the manifest lists {manifest.Layers.Count}");
        return new Image(manifest, config,
        [
            .. manifest.Layers.Zip(config.DiffIds, (blob, diffId) => LayerOf(files, blob, diffId, BlobPath(blob.Digest), path)),
        ]);
    }

    // There is no manifest in such an archive: one is made, so that the layers have their digests.
    private static async Task<StoredImages?> ReadDockerAsync(ArchiveFiles files, string path, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync("manifest.json", Limits.Default.ManifestBytes, cancellationToken) is not { } bytes)
            return null;
        if ((JsonNode.Parse(bytes) as JsonArray)?.FirstOrDefault() is not JsonObject entry)
            throw new FormatException("its manifest.json names no image");
        var name = OciJson.String(entry, "Config") ?? throw new FormatException("its manifest.json names no config");
        var config = ImageConfig.Parse(await files.ReadAsync(name, Limits.Default.ConfigBytes, cancellationToken)
            ?? throw new FormatException($"'{name}' is missing"));
        var names = OciJson.Strings(OciJson.Array(entry, "Layers"), "Layers");
        if (names.Count != config.DiffIds.Count)
            throw new FormatException($"its config describes {config.DiffIds.Count} layers, its manifest.json lists {names.Count}");
        var layers = new List<Layer>();
        foreach (var (file, diffId) in names.Zip(config.DiffIds))
        {
            await using var blob = files.Open(file) ?? throw new FormatException($"'{file}' is missing");
            var size = blob.Length;
            var descriptor = new Descriptor(MediaTypes.DockerLayerGzip, await Digest.OfAsync(blob, cancellationToken), size);
            layers.Add(LayerOf(files, descriptor, diffId, file, path));
        }

        var manifest = ImageManifest.Empty(ManifestFamily.Docker, config).WithLayers(layers);
        return new StoredImages([new Image(manifest, config, layers)], null) { HasManifests = false };
    }

    private static async Task<byte[]> DocumentAsync(ArchiveFiles files, Descriptor document, CancellationToken cancellationToken)
    {
        var bytes = await files.ReadAsync(BlobPath(document.Digest), Limits.Default.ManifestBytes, cancellationToken)
            ?? throw new FormatException($"the blob {document.Digest} is missing");
        return Digest.Of(bytes) == document.Digest ? bytes
            : throw new FormatException($"the blob {document.Digest} is not what its name says");
    }

    private static Layer LayerOf(ArchiveFiles files, Descriptor blob, Digest diffId, string file, string path) => new(
        blob, diffId, new LayerOrigin(Path.GetFileName(path)),
        _ => files.Open(file) is { } stream
            ? Task.FromResult(stream)
            : throw ImageErrors.NotAnArchive(path, $"the blob {blob.Digest} is missing"));

    private static string BlobPath(Digest digest) => $"blobs/sha256/{digest.Hex}";
}
