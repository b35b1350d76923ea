using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

public sealed class PlainRegistryTests
{
    [TestCase(ImageFamily.Docker)]
    [TestCase(ImageFamily.Oci)]
    public async Task Skopeo_reads_both_architectures_of_a_plain_base(ImageFamily family)
    {
        await using var registry = await PlainRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(registry, "lambda/provided", "al2023", family);
        var reference = $"docker://{registry.Host}/lambda/provided:al2023";

        var manifest = await Skopeo.InspectManifestAsync(reference);
        var config = await Skopeo.InspectConfigAsync(reference, "--override-arch", "arm64");

        Assert.That(manifest.GetProperty("mediaType").GetString(), Is.EqualTo(MediaTypes.Index(family)));
        Assert.That(config.GetProperty("architecture").GetString(), Is.EqualTo("arm64"));
        Assert.That(
            config.GetProperty("config").GetProperty("Entrypoint")[0].GetString(), Is.EqualTo("/lambda-entrypoint.sh"));
    }

    [Test]
    public async Task A_second_push_of_the_same_image_uploads_nothing()
    {
        await using var source = await PlainRegistry.StartAsync();
        await using var registry = await PlainRegistry.StartAsync();
        using var root = new TempRoot();
        await SyntheticBase.PushPlainAsync(source, "base", "1");
        var archive = $"oci-archive:{root.Path}/image.tar";
        await Skopeo.CopyAsync($"docker://{source.Host}/base:1", archive);
        var layerBytes = SyntheticBase.Plain().Layers.Sum(layer => layer.Blob.Length);

        await Skopeo.CopyAsync(archive, $"docker://{registry.Host}/copy:1");
        var first = (Bytes: registry.UploadedBytes("copy"), Blobs: registry.UploadedBlobs("copy"));
        registry.Clear();
        await Skopeo.CopyAsync(archive, $"docker://{registry.Host}/copy:2");

        Assert.That(first.Blobs, Is.EqualTo(3));
        Assert.That(first.Bytes, Is.GreaterThanOrEqualTo(layerBytes));
        Assert.That(registry.UploadedBytes("copy"), Is.Zero);
        Assert.That(registry.Requests, Has.Some.Matches<ProxiedRequest>(r => r is { Method: "PUT", Repository: "copy" }));
    }

    [Test]
    public async Task A_blob_comes_back_byte_for_byte_and_is_counted()
    {
        await using var registry = await PlainRegistry.StartAsync();
        using var client = new HttpClient();
        using var pusher = new RegistryPusher(new Uri($"http://{registry.Host}"));
        var blob = new byte[3_000_000];
        new Random(1).NextBytes(blob);

        var digest = await pusher.PushBlobAsync("a/b", blob);
        byte[] back = await client.GetByteArrayAsync(new Uri($"http://{registry.Host}/v2/a/b/blobs/{digest}"));

        Assert.That(back, Is.EqualTo(blob));
        Assert.That(registry.UploadedBytes("a/b"), Is.EqualTo(blob.Length));
        Assert.That(registry.UploadedBlobs(), Is.EqualTo(1));
        Assert.That(registry.DownloadedBlobs("a/b"), Is.EqualTo(1));
    }

    [Test]
    public async Task Umoci_unpacks_the_runnable_base_and_its_shell_runs()
    {
        await using var registry = await PlainRegistry.StartAsync();
        using var root = new TempRoot();
        await SyntheticBase.PushRunnableAsync(registry, "lambda/dotnet", "10", dotnetBootstrap: true);
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("chroot needs root.");
        }

        var rootfs = await Umoci.UnpackAsync($"docker://{registry.Host}/lambda/dotnet:10", root);
        var noHandler = await Chroot(rootfs, "/lambda-entrypoint.sh");
        var noApi = await Chroot(rootfs, "/lambda-entrypoint.sh", "App");
        var noFunction = await Chroot(
            rootfs, "/bin/sh", "-c", "AWS_LAMBDA_RUNTIME_API=x LAMBDA_TASK_ROOT=/var/task exec /lambda-entrypoint.sh App");

        Assert.That(noHandler.ExitCode, Is.EqualTo(142));
        Assert.That(noApi.ExitCode, Is.EqualTo(143));
        Assert.That(noFunction.ExitCode, Is.EqualTo(104));
    }

    private static Task<ToolResult> Chroot(string rootfs, params string[] command) => ToolRunner.RunAsync(
        new ToolCommand(Tools.Require("chroot"), [rootfs, .. command])
        {
            Environment = new Dictionary<string, string?> { ["PATH"] = "/usr/bin" },
            ReplaceEnvironment = true,
            ExpectedExitCodes = [],
        },
        CancellationToken.None);
}
