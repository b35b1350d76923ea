using System.Text.Json;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>
/// An image where it is stored, read by the kit itself: independent of the product and of any tool. References are those of
/// skopeo: <c>docker://host/repo:tag</c>, <c>docker-archive:FILE</c>, <c>oci-archive:FILE</c>, <c>oci:FOLDER</c>.
/// Every document and blob is checked against its digest.
/// </summary>
public sealed class StoredImage
{
    private StoredImage(JsonElement manifest, JsonElement config, IReadOnlyList<StoredLayer> layers) =>
        (Manifest, Config, Layers) = (manifest, config, layers);

    /// <summary>The manifest; of a Docker archive, which has none, what its manifest.json says of the image.</summary>
    public JsonElement Manifest { get; }

    /// <summary>The whole config document.</summary>
    public JsonElement Config { get; }

    /// <summary>Bottom first.</summary>
    public IReadOnlyList<StoredLayer> Layers { get; }

    /// <summary>The manifest or index as it is stored.</summary>
    public static async Task<JsonElement> ManifestAsync(string reference)
    {
        using var store = ImageStore.Open(reference);
        return Parse((await store.RootAsync()).Bytes);
    }

    /// <summary>The image's config as it is stored.</summary>
    public static async Task<JsonElement> ConfigAsync(string reference, string? architecture = null) =>
        (await OpenAsync(reference, architecture)).Config;

    /// <summary>Unpacks an image below <paramref name="root"/> and gives the path of its root file system.</summary>
    public static async Task<string> UnpackAsync(string reference, TempRoot root, string? architecture = null)
    {
        var image = await OpenAsync(reference, architecture);
        var rootfs = root.Folder(Guid.NewGuid().ToString("n"), "rootfs");
        var unpacker = new ImageUnpacker(rootfs);
        foreach (var layer in image.Layers)
            unpacker.Apply(layer);
        unpacker.Finish();
        return rootfs;
    }

    /// <summary>Reads an image; of an index, the one for <paramref name="architecture"/> (this machine's by default).</summary>
    public static async Task<StoredImage> OpenAsync(string reference, string? architecture = null)
    {
        using var store = ImageStore.Open(reference);
        var root = Parse((await store.RootAsync()).Bytes);
        if (root.TryGetProperty("Config", out var dockerConfig))
            return await OfDockerArchiveAsync(store, root, dockerConfig.GetString()!);
        var manifest = root.TryGetProperty("manifests", out var manifests)
            ? Parse(await store.DocumentAsync(Choose(manifests, architecture ?? SyntheticBase.HostArchitecture)))
            : root;
        var config = Parse(await store.DocumentAsync(Digest(manifest.GetProperty("config"))));
        var diffIds = DiffIds(config);
        var layers = new List<StoredLayer>();
        foreach (var (descriptor, diffId) in manifest.GetProperty("layers").EnumerateArray().Zip(diffIds))
        {
            var bytes = await store.BlobAsync(Digest(descriptor));
            if (bytes.Length != descriptor.GetProperty("size").GetInt64())
                throw new InvalidDataException($"{Digest(descriptor)} has {bytes.Length} bytes.");
            layers.Add(new StoredLayer(Digest(descriptor), diffId, bytes));
        }

        return layers.Count == diffIds.Count
            ? new StoredImage(manifest, config, layers)
            : throw new InvalidDataException($"{layers.Count} layers, {diffIds.Count} diffIDs.");
    }

    private static async Task<StoredImage> OfDockerArchiveAsync(ImageStore store, JsonElement root, string configPath)
    {
        var config = Parse(await store.FileAsync(configPath));
        var layers = new List<StoredLayer>();
        foreach (var (path, diffId) in root.GetProperty("Layers").EnumerateArray().Zip(DiffIds(config)))
        {
            var bytes = await store.FileAsync(path.GetString()!);
            layers.Add(new StoredLayer(SyntheticLayer.Sha256(bytes), diffId, bytes));
        }

        return new StoredImage(root, config, layers);
    }

    private static string Choose(JsonElement manifests, string architecture) => Digest(manifests.EnumerateArray().First(m =>
        m.GetProperty("platform").GetProperty("architecture").GetString() == architecture));

    private static List<string> DiffIds(JsonElement config) =>
        [.. config.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(id => id.GetString()!)];

    private static string Digest(JsonElement descriptor) => descriptor.GetProperty("digest").GetString()!;

    private static JsonElement Parse(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }
}
