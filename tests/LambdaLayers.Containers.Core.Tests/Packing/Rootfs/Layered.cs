using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Rootfs;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using MediaTypes = LambdaLayers.Containers.Core.Oci.MediaTypes;

namespace LambdaLayers.Containers.Core.Tests.Packing.Rootfs;

/// <summary>An image in memory, read as the engine reads one.</summary>
internal static class Layered
{
    /// <summary>A layer as gzip, or compressed as the test wants it.</summary>
    public static ImageLayerBlob Blob(byte[] tar, byte[]? compressed = null, string mediaType = MediaTypes.OciLayerGzip)
    {
        var bytes = compressed ?? LayerBlobs.Gzip(tar);
        return new ImageLayerBlob(
            new Descriptor(mediaType, Digest.Of(bytes), bytes.Length), Digest.Of(tar),
            _ => Task.FromResult<Stream>(new MemoryStream(bytes, writable: false)));
    }

    public static Task<ImageContent> ReadAsync(
        IEnumerable<ImageLayerBlob> layers, string? reusePath = null, Limits? limits = null) =>
        new ReadImage(limits ?? Limits.Default).RunAsync([.. layers], reusePath, default);

    /// <summary>What is under a path, a line each: <c>path</c>, kind, and content or target.</summary>
    public static Task<IReadOnlyList<string>> ListAsync(string path, params TarBuilder[] layers) =>
        ListAsync(path, layers.Select(l => Blob(l.ToArray())));

    public static async Task<IReadOnlyList<string>> ListAsync(string path, IEnumerable<ImageLayerBlob> layers)
    {
        using var root = new TempRoot();
        var content = await ReadAsync(layers);
        using var tree = await content.OpenTreeAsync(path, new ContentCache(new CachePaths(root.Path)), default);
        return [.. tree.Entries.Select(Describe).Order(StringComparer.Ordinal)];
    }

    private static string Describe(LayerEntry entry) => entry.Kind switch
    {
        EntryKind.Directory => entry.Path + "/",
        EntryKind.SymbolicLink => $"{entry.Path} -> {entry.LinkTarget}",
        EntryKind.HardLink => $"{entry.Path} = {entry.LinkTarget}",
        _ => $"{entry.Path}: {Text(entry)}",
    };

    private static string Text(LayerEntry entry)
    {
        using var reader = new StreamReader(entry.Open!(), Encoding.UTF8);
        var text = reader.ReadToEnd();
        Assert.That(entry.Size, Is.EqualTo(Encoding.UTF8.GetByteCount(text)), entry.Path);
        return text;
    }
}
