using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.TestKit;
using Listings = System.Collections.Generic.Dictionary<
    LambdaLayers.Containers.Benchmarks.PackedBlob, System.Collections.Generic.IReadOnlyList<string>>;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>A layer that was packed.</summary>
/// <param name="File">The blob's file.</param>
/// <param name="TargetPath">Where everything in it lies in the image.</param>
/// <param name="Layer">What the packer says of it.</param>
internal sealed record PackedBlob(string File, string TargetPath, PackedLayer Layer);

/// <summary>Unpacks layer blobs with every independent reader that is known: GNU tar, bsdtar, Python, .NET, umoci, buildah.</summary>
internal static class UnpackEverywhere
{
    // Newer Pythons would leave out absolute links; older ones have no filters.
    private const string Python =
        """
        import sys, tarfile
        for number, blob in enumerate(sys.argv[2:]):
            with tarfile.open(blob, 'r|gz') as tar:
                tar.extraction_filter = lambda member, path: member
                tar.extractall(f'{sys.argv[1]}/{number}')
        """;

    /// <summary>
    /// What each reader makes of blobs, by its name: a listing of each blob's target path. For those that want an image each
    /// blob is a layer of one, so no two may have the same target path.
    /// </summary>
    /// <param name="blobs">For all readers but buildah.</param>
    /// <param name="forBuildah">For buildah, which starts itself for each layer and takes as long as all others.</param>
    /// <param name="root">Takes what is unpacked, for a while.</param>
    public static async Task<IReadOnlyDictionary<string, Listings>> RunAsync(
        IReadOnlyList<PackedBlob> blobs, IReadOnlyList<PackedBlob> forBuildah, TempRoot root)
    {
        var work = root.Folder("everywhere", Guid.NewGuid().ToString("n"));
        try
        {
            return new Dictionary<string, Listings>
            {
                ["GNU tar"] = await WithToolAsync("sh", ForEach("tar -xzpf"), blobs, work),
                ["bsdtar"] = await WithToolAsync("sh", ForEach("bsdtar -xpf"), blobs, work),
                ["Python"] = await WithToolAsync("python3", ["-c", Python], blobs, work),
                [".NET"] = await WithDotnetAsync(blobs, Path.Combine(work, "dotnet")),
                ["umoci"] = await WithUmociAsync(WriteLayout(blobs, Path.Combine(work, "umoci")), blobs, Path.Combine(work, "bundle")),
                ["buildah"] = await WithBuildahAsync(WriteLayout(forBuildah, Path.Combine(work, "buildah")), forBuildah, work),
            };
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // Many blobs for one process: on most of them it would spend its time starting.
    private static string[] ForEach(string command) =>
    [
        "-c",
        $"""
        work=$1; shift; number=0
        for blob; do
          mkdir "$work/$number"; {command} "$blob" -C "$work/$number" || exit 1
          number=$((number + 1))
        done
        """,
        "sh",
    ];

    // The tool gets a folder, and unpacks the first blob into its folder 0, the second into 1.
    private static async Task<Listings> WithToolAsync(
        string tool, string[] arguments, IReadOnlyList<PackedBlob> blobs, string work)
    {
        var folder = Directory.CreateDirectory(Path.Combine(work, "tool")).FullName;
        await ToolRunner.RunAsync(Tools.Require(tool), [.. arguments, folder, .. blobs.Select(b => b.File)]);
        var listings = ListEach(blobs, number => Path.Combine(folder, $"{number}"));
        Directory.Delete(folder, recursive: true);
        return listings;
    }

    private static Listings ListEach(IReadOnlyList<PackedBlob> blobs, Func<int, string> rootOf) =>
        blobs.Index().ToDictionary(b => b.Item, b => FileListing.Of(rootOf(b.Index) + b.Item.TargetPath));

    private static async Task<Listings> WithDotnetAsync(IReadOnlyList<PackedBlob> blobs, string folder)
    {
        for (var number = 0; number < blobs.Count; number++)
            await UnpackAsync(blobs[number].File, Directory.CreateDirectory(Path.Combine(folder, $"{number}")).FullName);
        return ListEach(blobs, number => Path.Combine(folder, $"{number}"));
    }

    // Entry by entry: TarFile.ExtractToDirectory refuses absolute links, which layers have and everybody else takes.
    private static async Task UnpackAsync(string blob, string folder)
    {
        var folders = new List<(string Path, TarEntry Entry)>();
        await using var gzip = new GZipStream(File.OpenRead(blob), CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            var path = Path.Combine(folder, entry.Name.TrimEnd('/'));
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    Directory.CreateDirectory(path);
                    folders.Add((path, entry));
                    break;
                case TarEntryType.SymbolicLink:
                    File.CreateSymbolicLink(path, entry.LinkName);
                    break;
                default:
                    await entry.ExtractToFileAsync(path, overwrite: false);
                    break;
            }
        }

        // Last, and the deepest first: what is put into a folder changes its time.
        foreach (var (path, entry) in Enumerable.Reverse(folders))
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, entry.Mode);
            Directory.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
        }
    }

    private static async Task<Listings> WithUmociAsync(
        string layout, IReadOnlyList<PackedBlob> blobs, string bundle)
    {
        await ToolRunner.RunAsync("umoci", "unpack", "--image", layout + ":x", bundle);
        return ListEach(blobs, _ => Path.Combine(bundle, "rootfs"));
    }

    private static async Task<Listings> WithBuildahAsync(
        string layout, IReadOnlyList<PackedBlob> blobs, string work)
    {
        string[] storage =
            ["--storage-driver", "overlay", "--root", Path.Combine(work, "storage"), "--runroot", Path.Combine(work, "run")];
        // It takes the path for the image's name, which has no capitals.
        var container = await BuildahAsync("from", $"oci:{Path.GetFileName(layout)}:x");
        var mounted = await BuildahAsync("mount", container);
        var listings = ListEach(blobs, _ => mounted);
        await BuildahAsync("rm", container);
        // Where it has mounted its own folder it leaves that mounted; where not, umount says so with 32.
        await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("umount"), [Path.Combine(work, "storage", "overlay")]) { ExpectedExitCodes = [0, 32] },
            CancellationToken.None);
        return listings;

        async Task<string> BuildahAsync(params string[] arguments) =>
            (await ToolRunner.RunAsync(
                new ToolCommand(Tools.Require("buildah"), [.. storage, .. arguments]) { WorkingDirectory = work },
                CancellationToken.None)).StandardOutput.Trim();
    }

    // https://github.com/opencontainers/image-spec/blob/main/image-layout.md
    private static string WriteLayout(IReadOnlyList<PackedBlob> packed, string folder)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        foreach (var (file, _, layer) in packed)
            File.Copy(file, Path.Combine(blobs, layer.Digest.Hex));
        var config = Write(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { },
            rootfs = new { type = "layers", diff_ids = packed.Select(p => p.Layer.DiffId.ToString()) },
        });
        var manifest = Write(new
        {
            schemaVersion = 2,
            mediaType = "application/vnd.oci.image.manifest.v1+json",
            config = Describe("application/vnd.oci.image.config.v1+json", config.Digest, config.Size),
            layers = packed.Select(p => Describe("application/vnd.oci.image.layer.v1.tar+gzip", p.Layer.Digest, p.Layer.Size)),
        });
        var described = Describe("application/vnd.oci.image.manifest.v1+json", manifest.Digest, manifest.Size);
        described["annotations"] = new Dictionary<string, string> { ["org.opencontainers.image.ref.name"] = "x" };
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(
            Path.Combine(folder, "index.json"), JsonSerializer.Serialize(new { schemaVersion = 2, manifests = new[] { described } }));
        return folder;

        (Digest Digest, long Size) Write(object document)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(document);
            var digest = Digest.Of(bytes);
            File.WriteAllBytes(Path.Combine(blobs, digest.Hex), bytes);
            return (digest, bytes.Length);
        }
    }

    private static Dictionary<string, object> Describe(string mediaType, Digest digest, long size) => new()
    {
        ["mediaType"] = mediaType,
        ["digest"] = digest.ToString(),
        ["size"] = size,
    };
}
