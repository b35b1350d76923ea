using System.IO.Compression;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Deflate;
using LambdaLayers.Containers.Core.Packing.Rootfs;
using LambdaLayers.Containers.Core.Packing.Zip;

namespace LambdaLayers.Containers.Fuzz;

/// <summary>
/// The readers of what comes from outside, each with what must hold for any bytes: a coded error or a result that an independent
/// reader agrees with, never another exception.
/// </summary>
internal static class FuzzTargets
{
    // Each run is to be short; sizes are what other tests are for.
    private const long LargestContent = 1 << 24;
    private static readonly Limits Small = new() { FreelyUnpackedBytes = LargestContent, Expansion = 1, UnpackedBytes = LargestContent };
    private static readonly PackOptions Options = new("/opt", PackOptions.ZipEpoch);

    private static readonly Dictionary<string, Action<byte[]>> Targets = new()
    {
        ["zip"] = Zip,
        ["tar"] = Tar,
        ["deflate"] = Deflate,
        ["manifest"] = Manifest,
    };

    public static Action<byte[]> Find(string name) => Targets[name];

    /// <summary>Runs saved inputs; false when one fails.</summary>
    public static bool Replay(string name, IEnumerable<string> paths)
    {
        var good = true;
        foreach (var path in paths)
        {
            try
            {
                Find(name)(File.ReadAllBytes(path));
            }
            catch (Exception e)
            {
                good = false;
                Console.WriteLine($"{path}: {e}");
            }
        }

        return good;
    }

    private static void Zip(byte[] bytes)
    {
        var path = Path.Combine(
            Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"fuzz-{Environment.ProcessId}.zip");
        File.WriteAllBytes(path, bytes);
        try
        {
            using var tree = ZipTree.Open(path, Small);
            using var blob = new MemoryStream();
            new LayerPacker().PackAsync(tree, Options, blob, CancellationToken.None).GetAwaiter().GetResult();
            blob.Position = 0;
            ExpectContent(tree, blob);
        }
        catch (LayersException)
        {
        }
        finally
        {
            File.Delete(path);
        }
    }

    // What was packed, spliced or not, is what the entries hold.
    private static void ExpectContent(LayerTree tree, Stream blob)
    {
        var files = tree.Entries.Where(entry => entry.Kind == EntryKind.File).ToDictionary(entry => "opt/" + entry.Path);
        using var tar = new System.Formats.Tar.TarReader(new GZipStream(blob, CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (!files.Remove(entry.Name, out var file))
                continue;
            using var expected = new MemoryStream();
            using (var content = file.Open!())
                content.CopyTo(expected);
            using var found = new MemoryStream();
            entry.DataStream?.CopyTo(found);
            Demand(expected.ToArray().AsSpan().SequenceEqual(found.ToArray()), $"'{entry.Name}' differs");
        }

        Demand(files.Count == 0, "files are missing");
    }

    private static void Tar(byte[] bytes)
    {
        var layer = new ImageLayerBlob(
            new Descriptor(MediaTypes.OciLayer, Digest.Of(bytes), bytes.Length), Digest.Of(bytes),
            _ => Task.FromResult<Stream>(new MemoryStream(bytes, writable: false)));
        try
        {
            var content = new ReadImage(Small).RunAsync([layer], "/opt", CancellationToken.None).GetAwaiter().GetResult();
            _ = SourceEntries.Of(content.Files, "/opt", Small);
        }
        catch (LayersException)
        {
        }
    }

    private static void Deflate(byte[] bytes)
    {
        if (!new DeflateWalker().TryWalk(new MemoryStream(bytes), out var extent) || extent.Length > LargestContent)
            return;
        using var inflated = new MemoryStream();
        using (var inflater = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress))
            inflater.CopyTo(inflated);
        Demand(inflated.Length == extent.Length, $"the walker says {extent.Length} bytes, zlib {inflated.Length}");
    }

    // All documents of a registry; the first byte says which.
    private static void Manifest(byte[] bytes)
    {
        if (bytes.Length == 0)
            return;
        var document = bytes.AsMemory(1);
        try
        {
            switch (bytes[0] % 4)
            {
                case 0:
                    var manifest = ImageManifest.Parse(document, MediaTypes.OciManifest);
                    Demand(manifest.Digest == Digest.Of(document.Span), "the bytes changed");
                    _ = ImageManifest.Parse(manifest.Bytes, manifest.MediaType);
                    break;
                case 1:
                    _ = ImageIndex.Parse(document, MediaTypes.OciIndex);
                    break;
                case 2:
                    var config = ImageConfig.Parse(document);
                    _ = (config.Platform, config.DiffIds.Count);
                    break;
                default:
                    _ = ManifestType.Decide(ImageReference.Parse("example.com/r:t"), null, document.Span);
                    break;
            }
        }
        catch (Exception e) when (e is FormatException or LayersException)
        {
        }
    }

    private static void Demand(bool condition, string otherwise)
    {
        if (!condition)
            throw new InvalidOperationException(otherwise);
    }
}
