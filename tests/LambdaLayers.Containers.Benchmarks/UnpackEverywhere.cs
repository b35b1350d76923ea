using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>Unpacks a layer blob with every independent reader that is known: GNU tar, bsdtar, Python, .NET, umoci, buildah.</summary>
internal static class UnpackEverywhere
{
    // Newer Pythons would leave out absolute links; older ones have no filters.
    private const string Python =
        "import sys, tarfile; t = tarfile.open(sys.argv[1], 'r|gz'); t.extraction_filter = lambda m, p: m; t.extractall(sys.argv[2])";

    /// <summary>What each reader makes of the blob, by its name. With <paramref name="images"/> also those that want an image.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(
        string blob, PackedLayer packed, bool images, TempRoot root)
    {
        var work = root.Folder("everywhere", Guid.NewGuid().ToString("n"));
        try
        {
            var listings = new Dictionary<string, IReadOnlyList<string>>
            {
                ["GNU tar"] = await WithToolAsync("tar", ["-xzpf", blob, "-C"], Path.Combine(work, "tar")),
                ["bsdtar"] = await WithToolAsync("bsdtar", ["-xpf", blob, "-C"], Path.Combine(work, "bsdtar")),
                ["Python"] = await WithToolAsync("python3", ["-c", Python, blob], Path.Combine(work, "python")),
                [".NET"] = await WithDotnetAsync(blob, Path.Combine(work, "dotnet")),
            };
            if (images)
            {
                var layout = WriteLayout(blob, packed, Path.Combine(work, "layout"));
                listings["umoci"] = await WithUmociAsync(layout, Path.Combine(work, "bundle"));
                listings["buildah"] = await WithBuildahAsync(layout, work);
            }

            return listings;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> WithToolAsync(string tool, string[] arguments, string folder)
    {
        Directory.CreateDirectory(folder);
        await ToolRunner.RunAsync(tool, [.. arguments, folder]);
        return FileListing.Of(folder);
    }

    // Entry by entry: TarFile.ExtractToDirectory refuses absolute links, which layers have and everybody else takes.
    private static async Task<IReadOnlyList<string>> WithDotnetAsync(string blob, string folder)
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

        return FileListing.Of(folder);
    }

    private static async Task<IReadOnlyList<string>> WithUmociAsync(string layout, string bundle)
    {
        await ToolRunner.RunAsync("umoci", "unpack", "--image", layout + ":x", bundle);
        return FileListing.Of(Path.Combine(bundle, "rootfs"));
    }

    private static async Task<IReadOnlyList<string>> WithBuildahAsync(string layout, string work)
    {
        string[] storage =
            ["--storage-driver", "vfs", "--root", Path.Combine(work, "storage"), "--runroot", Path.Combine(work, "run")];
        // It takes the path for the image's name, which has no capitals.
        var container = await BuildahAsync("from", $"oci:{Path.GetFileName(layout)}:x");
        var listing = FileListing.Of(await BuildahAsync("mount", container));
        await BuildahAsync("rm", container);
        return listing;

        async Task<string> BuildahAsync(params string[] arguments) =>
            (await ToolRunner.RunAsync(
                new ToolCommand(Tools.Require("buildah"), [.. storage, .. arguments]) { WorkingDirectory = work },
                CancellationToken.None)).StandardOutput.Trim();
    }

    // https://github.com/opencontainers/image-spec/blob/main/image-layout.md
    private static string WriteLayout(string blob, PackedLayer packed, string folder)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        File.Copy(blob, Path.Combine(blobs, packed.Digest.ToString()["sha256:".Length..]));
        var config = Write(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { },
            rootfs = new { type = "layers", diff_ids = new[] { packed.DiffId.ToString() } },
        });
        var manifest = Write(new
        {
            schemaVersion = 2,
            mediaType = "application/vnd.oci.image.manifest.v1+json",
            config = Describe("application/vnd.oci.image.config.v1+json", config.Digest, config.Size),
            layers = new[] { Describe("application/vnd.oci.image.layer.v1.tar+gzip", packed.Digest, packed.Size) },
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
            File.WriteAllBytes(Path.Combine(blobs, digest.ToString()["sha256:".Length..]), bytes);
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
