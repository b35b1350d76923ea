using System.Runtime.Versioning;
using System.Text.Json;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Rootfs;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Packing.Rootfs;

/// <summary>Images as a real builder makes them, compared with the builder's own view of them.</summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
public sealed class BuildahTests
{
    private TempRoot _root = null!;
    private int _committed;
    private string _last = "";

    [SetUp]
    public void Create() => (_root, _committed, _last) = (new TempRoot(), 0, "");

    [TearDown]
    public void Delete() => _root.Dispose();

    [TestCase("docker", "gzip")]
    [TestCase("oci", "gzip")]
    [TestCase("oci", "zstd")]
    [TestCase("oci", "uncompressed")]
    public async Task An_image_gives_the_same_tree_as_the_builders_own_mount(string format, string compression)
    {
        await BuildAsync(format);
        await PushAsync(compression);
        var expected = await MountedAsync("/opt");

        using var tree = await (await ReadAsync(null)).OpenTreeAsync("/opt", Cache(), default);
        var unpacked = await UnpackAsync(tree);

        Assert.That(FileListing.Of(Path.Combine(unpacked, "opt")), Is.EqualTo(FileListing.Of(expected)));
        Assert.That(File.Exists(Path.Combine(unpacked, "opt/gone")), Is.False, "the test's own whiteout");
        Assert.That(
            FileListing.Of(expected).Select(l => l.Split(' ')[0]),
            Is.SupersetOf(["hard-a", "hard-b", "replaced", "opaque/new", "outside"]).And.No.Member("opaque/old"));
    }

    [Test]
    public async Task Hard_links_stay_one_file()
    {
        await BuildAsync("oci");
        await PushAsync("gzip");

        using var tree = await (await ReadAsync(null)).OpenTreeAsync("/opt", Cache(), default);
        var unpacked = await UnpackAsync(tree);

        var inodes = (await ToolRunner.RunAsync("stat", "-c", "%i", unpacked + "/opt/hard-a", unpacked + "/opt/hard-b"))
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(inodes.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task What_it_builds_from_scratch_into_opt_can_be_used_as_it_is()
    {
        _root.Write("in/extensions/agent", "#!/bin/sh\n");
        File.SetUnixFileMode(_root.File("in", "extensions", "agent"), (UnixFileMode)0x1ED);
        _root.Write("in/lib/data", "data");
        var container = await FromAsync("scratch");
        await BuildahAsync("copy", "--chown", "0:0", container, _root.File("in"), "/opt");
        await CommitAsync(container, "docker");
        await PushAsync("gzip");

        var content = await ReadAsync("/opt");

        Assert.That(content.WhyRepacked, Is.Null);
        Assert.That(content.Reusable.Select(p => p.Digest), Is.EqualTo(content.Layers.Select(l => l.Blob.Digest)));
        Assert.That(content.Reusable[0].Facts.Extensions, Is.EqualTo(["agent"]));
    }

    private ContentCache Cache() => new(new CachePaths(_root.Folder("cache")));

    // Each container commits one layer: whiteouts come from deleting in a later one.
    private async Task BuildAsync(string format)
    {
        var first = await FromAsync("scratch");
        var mount = await MountAsync(first);
        Fill(mount);
        await CommitAsync(first, format);
        var second = await FromAsync("localhost/first");
        await ChangeAsync(await MountAsync(second));
        await CommitAsync(second, format);
    }

    private static void Fill(string image)
    {
        Write("opt/hard-a", "hard");
        Link("opt/hard-a", "opt/hard-b");
        Write("opt/gone", "gone");
        Write("opt/folder/gone", "gone");
        Write("opt/opaque/old", "old");
        Write("opt/opaque/deep/old", "old");
        Write("opt/kept/file", "kept");
        Write("opt/" + new string('n', 120) + "/long-é", "long name");
        File.CreateSymbolicLink(Path.Combine(image, "opt/replaced"), "kept/file");
        File.CreateSymbolicLink(Path.Combine(image, "opt/link"), "/opt/kept");
        Write("usr/tool", "outside");
        Link("usr/tool", "opt/outside");
        File.SetUnixFileMode(Path.Combine(image, "opt/kept/file"), (UnixFileMode)0x1ED);

        void Write(string path, string text)
        {
            var full = Path.Combine(image, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }

        void Link(string from, string to) =>
            ToolRunner.RunAsync("ln", Path.Combine(image, from), Path.Combine(image, to)).GetAwaiter().GetResult();
    }

    private static async Task ChangeAsync(string image)
    {
        File.Delete(Path.Combine(image, "opt/gone"));
        Directory.Delete(Path.Combine(image, "opt/folder"), recursive: true);
        Directory.Delete(Path.Combine(image, "opt/opaque"), recursive: true);
        Directory.CreateDirectory(Path.Combine(image, "opt/opaque"));
        await File.WriteAllTextAsync(Path.Combine(image, "opt/opaque/new"), "new");
        File.Delete(Path.Combine(image, "opt/replaced"));
        await File.WriteAllTextAsync(Path.Combine(image, "opt/replaced"), "a file now");
        File.Delete(Path.Combine(image, "opt/link"));
        Directory.CreateDirectory(Path.Combine(image, "opt/link"));
    }

    private async Task<string> FromAsync(string image) => (await BuildahAsync("from", image)).Trim();

    private async Task<string> MountAsync(string container) => (await BuildahAsync("mount", container)).Trim();

    private async Task CommitAsync(string container, string format)
    {
        var name = _committed++ == 0 ? "localhost/first" : "localhost/second";
        await BuildahAsync("commit", "--quiet", "--format", format, container, name);
        _last = name;
    }

    private Task<string> PushAsync(string compression)
    {
        string[] how = compression == "uncompressed" ? ["--disable-compression"] : ["--compression-format", compression];
        return BuildahAsync(["push", "--quiet", .. how, _last, "oci:" + _root.File("image") + ":x"]);
    }

    private async Task<string> MountedAsync(string path) => await MountAsync(await FromAsync(_last)) + path;

    private async Task<ImageContent> ReadAsync(string? reusePath)
    {
        var index = JsonDocument.Parse(await File.ReadAllBytesAsync(_root.File("image", "index.json")));
        var top = index.RootElement.GetProperty("manifests")[0];
        var manifest = ImageManifest.Parse(
            await BlobAsync(Digest.Parse(top.GetProperty("digest").GetString()!)), top.GetProperty("mediaType").GetString()!);
        var config = ImageConfig.Parse(await BlobAsync(manifest.Config.Digest));
        return await Layered.ReadAsync(
            manifest.Layers.Zip(config.DiffIds, (blob, diffId) => new ImageLayerBlob(
                blob, diffId, _ => Task.FromResult<Stream>(File.OpenRead(BlobPath(blob.Digest))))),
            reusePath);
    }

    private Task<byte[]> BlobAsync(Digest digest) => File.ReadAllBytesAsync(BlobPath(digest));

    private string BlobPath(Digest digest) => _root.File("image", "blobs", "sha256", digest.Hex);

    private async Task<string> UnpackAsync(LayerTree tree)
    {
        var packed = await Packed.Of(tree);
        await File.WriteAllBytesAsync(_root.File("layer.tar"), packed.Tar);
        var folder = _root.Folder("unpacked");
        await ToolRunner.RunAsync("tar", "-xpf", _root.File("layer.tar"), "-C", folder);
        return folder;
    }

    private async Task<string> BuildahAsync(params string[] arguments)
    {
        Tools.Require("buildah");
        string[] storage = ["--storage-driver", "vfs", "--root", _root.File("storage"), "--runroot", _root.File("run")];
        return (await ToolRunner.RunAsync("buildah", [.. storage, .. arguments])).StandardOutput;
    }
}
