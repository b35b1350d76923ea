using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>A small image: one file in each layer, ready to be put into a registry.</summary>
internal sealed record TestImage(ImageManifest Manifest, ImageConfig Config, IReadOnlyList<byte[]> Layers)
{
    /// <summary>Everything that goes to <c>/blobs/</c>.</summary>
    public IEnumerable<byte[]> Blobs => [Config.Bytes.ToArray(), .. Layers];

    /// <summary>Builds an image with a layer for each text, at <c>opt/N.txt</c>.</summary>
    public static TestImage Create(ManifestFamily family, Platform platform, params string[] texts)
    {
        var layers = texts.Select((text, i) => MakeLayer($"opt/{i}.txt", text)).ToList();
        var image = Image.Empty(platform, family).WithLayers(
            [.. layers.Select(x => new Layer(
                new Descriptor(MediaTypes.OciLayerGzip, Digest.Of(x.Compressed), x.Compressed.Length), Digest.Of(x.Tar),
                new LayerOrigin("test"), _ => Task.FromResult<Stream>(new MemoryStream(x.Compressed, writable: false))))],
            DateTimeOffset.UnixEpoch);
        return new TestImage(image.Manifest, image.Config, [.. layers.Select(x => x.Compressed)]);
    }

    /// <summary>Puts it into a fake registry; the manifest's digest.</summary>
    public Digest AddTo(FakeRegistry registry, string repository, string tag)
    {
        foreach (var blob in Blobs)
            registry.AddBlob(blob);
        return registry.AddManifest(repository, tag, Manifest.MediaType, Manifest.Bytes.ToArray());
    }

    private static (byte[] Tar, byte[] Compressed) MakeLayer(string path, string text)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "opt/"));
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = content });
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(tar.ToArray());
        return (tar.ToArray(), compressed.ToArray());
    }
}
