using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Images.LayerImages;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Images;

/// <summary>
/// Images of the shapes that the samples have, with each of their blobs changed in turn at unchanged length where they lie:
/// who builds on them publishes nothing.
/// </summary>
public sealed class CorruptedBlobTests
{
    private TempRoot _root = null!;
    private EmbeddedRegistry _bases = null!;
    private EmbeddedRegistry _destination = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _root = new TempRoot();
        _bases = await EmbeddedRegistry.StartAsync();
        _destination = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(_bases, "lambda/dotnet", "10", dotnet: true);
        new ZipBuilder().File("lib/a.txt", "a layer's").Write(_root, "layer.zip");
        _root.Write("tools/bin/run", "#!/bin/sh\n");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _bases.DisposeAsync();
        await _destination.DisposeAsync();
        _root.Dispose();
    }

    [TestCase("a class library on AWS's base", "lambda/dotnet:10", false, 1)]
    [TestCase("an executable in OCI's format", "lambda/dotnet:10", true, 1)]
    [TestCase("a native program on an empty base", null, false, 1)]
    [TestCase("a function for two architectures", "lambda/dotnet:10", true, 2)]
    public async Task Every_blob_that_is_changed_is_detected(string shape, string? @base, bool oci, int platforms)
    {
        var family = oci ? ManifestFamily.Oci : ManifestFamily.Docker;
        using (var engine = Engine("maker"))
        {
            var reference = @base is null ? null : ImageReference.Parse($"{_bases.Host}/{@base}");
            await PublishAsync(
                engine, reference, family, Platforms(platforms), _bases, "shape", [Item("layer.zip"), Item("tools/")], "the code");
        }

        await DetectAllAsync(shape, Platforms(platforms), family);
    }

    [Test]
    public async Task Every_blob_of_a_layer_image_that_is_changed_is_detected()
    {
        using (var engine = Engine("maker"))
        {
            await engine.PublishLayerImageAsync(
                new LayerImageRequest([Platform.LinuxAmd64], [Item("layer.zip"), Item("tools/")], ManifestFamily.Oci, []),
                Destination(_bases, "shape", []), null, default);
        }

        await DetectAllAsync("layers only", Platforms(1), ManifestFamily.Oci);
    }

    private async Task DetectAllAsync(string shape, Platform[] platforms, ManifestFamily family)
    {
        var from = ImageReference.Parse($"{_bases.Host}/shape:1");
        var blobs = _bases.Storage.Manifests("shape").Where(m => LambdaLayers.Containers.Core.Oci.MediaTypes.IsManifest(m.MediaType))
            .Select(m => ImageManifest.Parse(m.Bytes, m.MediaType))
            .SelectMany(m => m.Layers.Append(m.Config)).Select(d => d.Digest.ToString()).Distinct().ToList();
        var undetected = new List<string>();
        foreach (var digest in blobs)
        {
            var whole = Read(_bases.Storage.FindBlob("shape", digest)!);
            var changed = (byte[])whole.Clone();
            changed[changed.Length / 2] ^= 1;
            _bases.Storage.AddBlob(digest, changed);
            using var engine = Engine($"taker-{digest[7..]}");
            try
            {
                await TakeAsync(engine, digest[7..]);
                undetected.Add(digest);
            }
            catch (LayersException e)
            {
                Assert.That(e.Diagnostic.Code, Is.EqualTo("LLC1008"), e.Message);
            }

            _bases.Storage.AddBlob(digest, whole);
        }

        TestContext.Out.WriteLine($"{shape}: {blobs.Count - undetected.Count} of {blobs.Count} changed blobs were detected.");
        Assert.That(blobs, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(undetected, Is.Empty);
        Assert.That(blobs.SelectMany(digest => _destination.Storage.Manifests(digest[7..])), Is.Empty);
        using var last = Engine("taker");
        Assert.That(() => TakeAsync(last, "taken"), Throws.Nothing, "unchanged");

        // Nothing that it makes itself has the digest of a blob of the base, and the repository is a new one: it has none of them.
        Task TakeAsync(Engine engine, string repository) =>
            PublishAsync(engine, from, family, platforms, _destination, repository, [], "other code");
    }

    private async Task PublishAsync(
        Engine engine, ImageReference? @base, ManifestFamily family, Platform[] platforms, EmbeddedRegistry registry, string repository,
        LayerItem[] items, string code)
    {
        var function = new FunctionSettings("Fn") { Command = ["Fn"] };
        var request = new VirtualBaseRequest(@base, platforms, items) { Family = family, Function = function };
        using var staging = await engine.StageBaseAsync(request, default);
        var manifests = new List<ImageManifest>();
        foreach (var image in staging.Base.Images)
            manifests.Add(await (new SdkPush(image) { Files = new Dictionary<string, string> { ["var/task/Fn.dll"] = code } })
                .PushAsync(staging));
        await engine.PublishAsync(
            staging, manifests, new FinishSettings { Function = function },
            Destination(registry, repository, [.. platforms.Select(p => p == Platform.LinuxArm64 ? "linux-arm64" : "linux-x64")]), null,
                default);
    }

    private static PublishDestination Destination(EmbeddedRegistry registry, string repository, string[] rids) => new(repository, ["1"])
    {
        Repository = ImageReference.Parse($"{registry.Host}/{repository}"),
        RuntimeIdentifiers = rids,
    };

    private static Platform[] Platforms(int count) => new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }[..count];

    private static byte[] Read(StoredBlob blob)
    {
        using var content = blob.Open();
        var bytes = new byte[blob.Length];
        content.ReadExactly(bytes);
        return bytes;
    }

    private Engine Engine(string cache) => new(
        new EngineOptions(_root.Folder(cache), name => name == "HOME" ? _root.Folder("home") : null), new RecordingLog());

    private LayerItem Item(string include) => LayerItemParser.Parse(new ItemOrigin(include), _root.Path, _ => "");
}
