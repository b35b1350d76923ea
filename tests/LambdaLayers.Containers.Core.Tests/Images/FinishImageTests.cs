using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Deployment.Sbom;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Staging;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Images;

/// <summary>From what the .NET SDK pushed to the staging registry to the image that is published: the engine, in process.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FinishImageTests : IDisposable
{
    private static readonly FunctionSettings Function = new("Fn");
    private readonly TempRoot _root = new();
    private readonly RecordingLog _log = new();
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<Engine> _engines = [];
    private EmbeddedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _registry = await EmbeddedRegistry.StartAsync();
        _environment["HOME"] = _root.Folder("home");
        await SyntheticBase.PushPlainAsync(_registry, "lambda/dotnet", "10", dotnet: true);
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var engine in _engines)
            engine.Dispose();
        await _registry.DisposeAsync();
    }

    public void Dispose() => _root.Dispose();

    [Test]
    public async Task Two_pushes_of_the_same_files_finish_to_the_same_image()
    {
        var first = await FinishAsync(image => new SdkPush(image) { Now = new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero) });
        var second = await FinishAsync(image => new SdkPush(image) { Random = new Random(77) }, cache: "another");

        Assert.That(second.Digest, Is.EqualTo(first.Digest));
        Assert.That(second.Manifest.Bytes.ToArray(), Is.EqualTo(first.Manifest.Bytes.ToArray()));
        Assert.That(second.Config.Bytes.ToArray(), Is.EqualTo(first.Config.Bytes.ToArray()));
    }

    [Test]
    public async Task Another_file_another_setting_and_another_name_are_another_image()
    {
        var image = await FinishAsync(@base => new SdkPush(@base));
        var content = await FinishAsync(@base => With(new SdkPush(@base), "var/task/Fn.dll", "changed"));
        var name = await FinishAsync(@base => With(new SdkPush(@base), "var/task/more.txt", "data"));
        var setting = await FinishAsync(@base => new SdkPush(@base) { Environment = ["A=1"] });

        Assert.That(
            new[] { image.Digest, content.Digest, name.Digest, setting.Digest }.Distinct().Count(), Is.EqualTo(4));
    }

    [Test]
    public async Task Times_are_fixed_and_everything_else_is_what_the_SDK_says()
    {
        var image = await FinishAsync(@base => new SdkPush(@base)
        {
            Labels = new Dictionary<string, string> { ["vendor"] = "me" },
            Environment = ["A=1"],
        });

        var config = image.Config;
        Assert.Multiple(() =>
        {
            Assert.That(Created(image), Is.EqualTo("1980-01-01T00:00:00Z"));
            Assert.That(config.Labels["org.opencontainers.image.created"], Is.EqualTo("1980-01-01T00:00:00Z"));
            Assert.That(config.Labels["org.opencontainers.artifact.created"], Is.EqualTo("1980-01-01T00:00:00Z"));
            Assert.That(config.Labels["vendor"], Is.EqualTo("me"));
            Assert.That(config.Labels[BaseDigestLabel.Name], Does.StartWith("sha256:"), "the true base's, from the virtual base");
            Assert.That(config.WorkingDirectory, Is.EqualTo("/var/task"));
            Assert.That(config.User, Is.EqualTo("app"));
            Assert.That(config.EnvironmentVariable("A"), Is.EqualTo("1"));
            Assert.That(config.EnvironmentVariable("LAMBDA_TASK_ROOT"), Is.EqualTo("/var/task"));
            Assert.That(config.LastCreatedBy, Does.StartWith(".NET SDK"));
            Assert.That(image.Layers, Has.Count.EqualTo(3));
            Assert.That(config.DiffIds, Is.EqualTo(image.Layers.Select(layer => layer.DiffId)));
        });
    }

    [Test]
    public async Task The_application_is_packed_under_the_rules_of_all_layers()
    {
        var image = await FinishAsync(@base => new SdkPush(@base));

        var entries = await EntriesAsync(image.Layers[^1]);

        Assert.Multiple(() =>
        {
            Assert.That(entries.Select(e => e.Name), Is.EquivalentTo(new[]
            {
                "var/", "var/task/", "var/task/sub/", "var/task/sub/data.txt", "var/task/Fn.dll", "var/task/Fn.runtimeconfig.json",
            }));
            Assert.That(entries[0].Name, Is.EqualTo("var/"), "parents first");
            Assert.That(entries.Select(e => e.Format), Has.None.EqualTo(TarEntryFormat.Pax));
            Assert.That(
                entries.Select(e => e.ModificationTime).Distinct(),
                Is.EqualTo(new[] { new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero) }));
            Assert.That(
                entries.Where(e => !e.Name.EndsWith('/')).Select(e => Convert.ToString((int)e.Mode, 8)).Distinct(),
                Is.EqualTo(new[] { "644" }));
            Assert.That(
                entries.Where(e => e.Name.EndsWith('/')).Select(e => Convert.ToString((int)e.Mode, 8)).Distinct(),
                Is.EqualTo(new[] { "755" }));
        });
    }

    [Test]
    public async Task SOURCE_DATE_EPOCH_is_every_time_there_is()
    {
        _environment["SOURCE_DATE_EPOCH"] = "1735689600";

        var image = await FinishAsync(@base => new SdkPush(@base));

        Assert.That(Created(image), Is.EqualTo("2025-01-01T00:00:00Z"));
        Assert.That(image.Config.Labels["org.opencontainers.image.created"], Is.EqualTo("2025-01-01T00:00:00Z"));
        Assert.That(
            (await EntriesAsync(image.Layers[^1])).Select(e => e.ModificationTime).Distinct(),
            Is.EqualTo(new[] { new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero) }));
    }

    [Test]
    public async Task A_time_that_is_asked_for_changes_the_config_and_no_layer()
    {
        var usual = await FinishAsync(@base => new SdkPush(@base));
        var settings = new FinishSettings { Function = Function, Created = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero) };

        var image = await FinishAsync(@base => new SdkPush(@base), settings);

        Assert.That(Created(image), Is.EqualTo("2026-05-06T07:08:09Z"));
        Assert.That(image.Config.Labels["org.opencontainers.artifact.created"], Is.EqualTo("2026-05-06T07:08:09Z"));
        Assert.That(image.Layers.Select(l => l.Digest), Is.EqualTo(usual.Layers.Select(l => l.Digest)));
    }

    [Test]
    public async Task Labels_and_variables_that_the_SDK_cut_at_a_colon_are_whole()
    {
        var settings = new FinishSettings
        {
            Function = Function,
            Labels =
            [
                new("url", "https://example.com/a:b"), new("org.opencontainers.image.created", "never"), new("not.there", "x"),
            ],
            Environment = [new("ENDPOINT", "http://host:1234/x:y")],
        };

        var image = await FinishAsync(
            @base => new SdkPush(@base)
            {
                Labels = new Dictionary<string, string> { ["url"] = "https" },
                Environment = ["ENDPOINT=http"],
            },
            settings);

        Assert.Multiple(() =>
        {
            Assert.That(image.Config.Labels["url"], Is.EqualTo("https://example.com/a:b"));
            Assert.That(image.Config.Labels["org.opencontainers.image.created"], Is.EqualTo("1980-01-01T00:00:00Z"));
            Assert.That(image.Config.Labels, Does.Not.ContainKey("not.there"), "what the SDK left out stays out");
            Assert.That(image.Config.EnvironmentVariable("ENDPOINT"), Is.EqualTo("http://host:1234/x:y"));
            Assert.That(image.Config.Environment.Count(x => x.StartsWith("ENDPOINT=", StringComparison.Ordinal)), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task The_applications_packages_are_a_layer_that_stays_when_the_code_changes()
    {
        var settings = new FinishSettings { Function = Function with { SplitDependencies = true } };

        var first = await FinishAsync(@base => Packages(@base, "code 1"), settings);
        var second = await FinishAsync(@base => Packages(@base, "code 2"), settings);

        Assert.That(first.Layers, Has.Count.EqualTo(4));
        Assert.That(second.Layers[^2].Digest, Is.EqualTo(first.Layers[^2].Digest));
        Assert.That(second.Layers[^1].Digest, Is.Not.EqualTo(first.Layers[^1].Digest));
    }

    [Test]
    public async Task Several_platforms_become_an_index_in_the_order_of_their_names()
    {
        using var engine = Engine("cache");
        using var staging = await StageAsync(engine, Platform.LinuxArm64, Platform.LinuxAmd64);
        var (manifests, destination) = await PushBothAsync(staging);

        var published = await engine.PublishAsync(staging, manifests, new FinishSettings { Function = Function }, destination, null,
            default);

        Assert.That(published.Images.Select(i => i.Platform.Architecture), Is.EqualTo(new[] { "amd64", "arm64" }));
        Assert.That(published.Digest, Is.EqualTo(published.Index!.Digest));
        Assert.That(
            _registry.Storage.Tags("fn"), Is.EquivalentTo(new[] { "1", "1-linux-x64", "1-linux-arm64" }));
        var stored = await StoredImage.OpenAsync($"docker://{_registry.Uncounted.Authority}/fn:1", "arm64");
        Assert.That(stored.Config.GetProperty("architecture").GetString(), Is.EqualTo("arm64"));
    }

    [Test]
    public async Task An_image_on_another_base_is_refused()
    {
        var failure = await Failure.OfAsync(() => FinishAsync(@base => new SdkPush(@base)
        {
            Between = [SyntheticLayer.Create(tar => tar.File("x", "y"))],
        }));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC4006"));
        Assert.That(_registry.Storage.Tags("fn"), Is.Empty);
    }

    [Test]
    public async Task What_was_named_but_not_pushed_is_told()
    {
        using var engine = Engine("cache");
        using var staging = await StageAsync(engine, Platform.LinuxAmd64);
        var push = new SdkPush(staging.Base.Images[0]);

        var nothing = await Failure.OfAsync(() =>
            PublishAsync(engine, staging, push.Manifest(push.Application, push.Config(push.Application))));
        using (var pusher = new RegistryPusher(new Uri($"http://{staging.Host}/")))
            await pusher.PushBlobAsync("fn", push.Config(push.Application));
        var noLayer = await Failure.OfAsync(() =>
            PublishAsync(engine, staging, push.Manifest(push.Application, push.Config(push.Application))));

        Assert.That(nothing.Diagnostic.Code, Is.EqualTo("LLC4007"));
        Assert.That(noLayer.Diagnostic.Code, Is.EqualTo("LLC4007"));
    }

    [Test]
    public async Task A_blob_of_another_size_than_its_manifest_says_is_refused([Values] bool config)
    {
        using var engine = Engine("cache");
        using var staging = await StageAsync(engine, Platform.LinuxAmd64);
        var manifest = await new SdkPush(staging.Base.Images[0]).PushAsync(staging);
        var json = JsonNode.Parse(manifest.Bytes.Span)!;
        var descriptor = config ? json["config"]! : json["layers"]!.AsArray()[^1]!;
        descriptor["size"] = descriptor["size"]!.GetValue<long>() + 1;
        var other = ImageManifest.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), manifest.MediaType);

        var failure = await Failure.OfAsync(() => PublishAsync(engine, staging, other));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC4007"));
    }

    [Test]
    public async Task Every_blob_that_is_changed_on_disk_at_unchanged_length_is_detected()
    {
        var (changed, detected) = (0, 0);
        for (var blob = 0; blob < 2; blob++)
        {
            for (var part = 0; part < 8; part++)
            {
                using var engine = Engine($"cache-{blob}-{part}");
                using var staging = await StageAsync(engine, Platform.LinuxAmd64);
                var manifest = await new SdkPush(staging.Base.Images[0]).PushAsync(staging);
                var files = Temporaries($"cache-{blob}-{part}").OrderBy(f => new FileInfo(f).Length).ToList();
                Assert.That(files, Has.Count.EqualTo(2), "config and application");
                Flip(files[blob], part, of: 8);
                changed++;

                var failure = await Failure.OfAsync(() => PublishAsync(engine, staging, manifest));

                detected += failure.Diagnostic.Code == "LLC4007" ? 1 : 0;
            }
        }

        Assert.That(detected, Is.EqualTo(changed));
        Assert.That(_registry.Storage.Tags("fn"), Is.Empty);
    }

    [Test]
    public async Task A_config_that_is_none_is_told_and_nothing_published()
    {
        using var engine = Engine("cache");
        using var staging = await StageAsync(engine, Platform.LinuxAmd64);
        var push = new SdkPush(staging.Base.Images[0]);
        using var pusher = new RegistryPusher(new Uri($"http://{staging.Host}/"));
        await pusher.PushBlobAsync("fn", push.Application.Blob);
        byte[][] configs = ["[]"u8.ToArray(), staging.Base.Images[0].Config.Bytes.ToArray()];

        foreach (var config in configs)
        {
            await pusher.PushBlobAsync("fn", config);

            var failure = await Failure.OfAsync(() => PublishAsync(engine, staging, push.Manifest(push.Application, config)));

            Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC4009"));
        }
    }

    [Test]
    public async Task What_somebody_else_pushes_has_no_effect()
    {
        var expected = await FinishAsync(@base => new SdkPush(@base));
        using var engine = Engine("cache");
        using var staging = await StageAsync(engine, Platform.LinuxAmd64);
        var manifest = await new SdkPush(staging.Base.Images[0]).PushAsync(staging);
        using var pusher = new RegistryPusher(new Uri($"http://{staging.Host}/"));
        await pusher.PushBlobAsync("fn", "rubbish"u8.ToArray());
        await pusher.PushManifestAsync("fn", "1", manifest.MediaType, "{}"u8.ToArray());
        await With(new SdkPush(staging.Base.Images[0]), "var/task/evil.dll", "evil").PushAsync(staging);
        Assert.That(
            () => pusher.PushManifestAsync("fn", manifest.Digest.ToString(), manifest.MediaType, "{}"u8.ToArray()),
            Throws.InvalidOperationException, "a digest leads to what it says");

        var published = await PublishAsync(engine, staging, manifest);

        Assert.That(published.Digest, Is.EqualTo(expected.Digest));
    }

    [Test]
    public async Task Nothing_temporary_is_left_whatever_happened([Values] bool fails)
    {
        using (var engine = Engine("cache"))
        using (var staging = await StageAsync(engine, Platform.LinuxAmd64))
        {
            var push = new SdkPush(staging.Base.Images[0])
            {
                Between = fails ? [SyntheticLayer.Create(tar => tar.File("x", "y"))] : [],
            };
            var manifest = await push.PushAsync(staging);
            // A session that nobody ends.
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            using var begun = await http.PostAsync(new Uri($"http://{staging.Host}/v2/fn/blobs/uploads/"), null);
            if (fails)
                await Failure.OfAsync(() => PublishAsync(engine, staging, manifest));
            else
                await PublishAsync(engine, staging, manifest);
            Assert.That(Temporaries("cache"), Is.Not.Empty);
        }

        Assert.That(Temporaries("cache"), Is.Empty);
    }

    [Test]
    public async Task A_bill_of_materials_lists_base_and_packages_beside_an_image_that_it_does_not_change([Values] bool attach)
    {
        var sbom = new SbomSettings(_root.Folder("out"), "lambda-image") { IsAttached = attach };
        var without = await FinishAsync(@base => Packages(@base, "code"));
        _registry.Clear();

        var image = await FinishAsync(@base => Packages(@base, "code"), sbom: sbom, cache: "another");
        var sent = _registry.Requests.Where(r => r.Repository == "fn").ToList();
        _registry.Clear();
        var file = await File.ReadAllBytesAsync(Path.Combine(sbom.Folder, "lambda-image.cdx.json"));
        await FinishAsync(@base => Packages(@base, "code"), sbom: sbom);

        var document = JsonNode.Parse(file)!;
        var purls = document["components"]!.AsArray().Select(c => c!["purl"]?.GetValue<string>() ?? "").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(image.Digest, Is.EqualTo(without.Digest));
            Assert.That(document["metadata"]!["component"]!["version"]!.GetValue<string>(), Is.EqualTo(image.Digest.ToString()));
            Assert.That(purls, Has.Some.StartsWith("pkg:oci/dotnet@sha256"), "the true base");
            Assert.That(purls, Does.Contain("pkg:nuget/Library@2.0.0"));
            Assert.That(File.ReadAllBytes(Path.Combine(sbom.Folder, "lambda-image.cdx.json")), Is.EqualTo(file), "the same bytes");
            Assert.That(sent.Any(r => r.IsWrite), Is.EqualTo(attach));
            Assert.That(_registry.Requests.Where(r => r.Repository == "fn" && r.IsWrite), Is.Empty, "it is there");
            Assert.That(_registry.Requests.Count(r => r.Repository == "fn"), Is.EqualTo(attach ? 2 : 1));
        });
    }

    [Test]
    public async Task Images_for_several_platforms_have_a_bill_each_and_a_place_that_cannot_be_written_publishes_nothing()
    {
        using var engine = Engine("cache");
        using var staging = await StageAsync(engine, Platform.LinuxArm64, Platform.LinuxAmd64);
        var (manifests, destination) = await PushBothAsync(staging);
        var settings = new FinishSettings { Function = Function };
        var sbom = new SbomSettings(_root.Folder("out"), "lambda-image");
        var nowhere = new SbomSettings(_root.Write("file", ""), "lambda-image");

        var failure = await Failure.OfAsync(() => engine.PublishAsync(staging, manifests, settings, destination, nowhere, default));
        var tags = _registry.Storage.Tags("fn");
        await engine.PublishAsync(staging, manifests, settings, destination, sbom, default);

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC5013"));
        Assert.That(tags, Is.Empty);
        Assert.That(
            Directory.GetFiles(sbom.Folder).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "lambda-image.arm64.cdx.json", "lambda-image.x86_64.cdx.json" }));
    }

    [TestCase("SDK_CONTAINER_REGISTRY")]
    [TestCase("DOTNET_CONTAINER_REGISTRY")]
    [TestCase("DOTNET_CONTAINER_PUSH_REGISTRY")]
    public async Task The_SDKs_own_variables_sign_the_push_in(string prefix)
    {
        await using var guarded = await EmbeddedRegistry.StartAsync(new RegistryGuard { Htpasswd = true });
        var destination = new PublishDestination("fn", ["1"]) { Repository = ImageReference.Parse($"{guarded.Host}/fn") };

        var refused = await Failure.OfAsync(() => PublishToAsync("without"));
        _environment[prefix + "_UNAME"] = RegistryGuard.User;
        _environment[prefix + "_PWORD"] = RegistryGuard.Password;
        await PublishToAsync("with");

        Assert.That(refused.Diagnostic.Code, Is.EqualTo("LLC1020"));
        Assert.That(guarded.Storage.Tags("fn"), Is.EqualTo(new[] { "1" }));
        Assert.That(_registry.Authorized, Is.Empty, "the base's registry was given none");

        async Task PublishToAsync(string cache)
        {
            using var engine = Engine(cache);
            using var staging = await StageAsync(engine, Platform.LinuxAmd64);
            var manifest = await new SdkPush(staging.Base.Images[0]).PushAsync(staging);
            await engine.PublishAsync(staging, [manifest], new FinishSettings { Function = Function }, destination, null, default);
        }
    }

    [Test]
    public async Task The_cache_does_not_grow_with_the_code()
    {
        await FinishAsync(@base => With(new SdkPush(@base), "var/task/Fn.dll", "1"));
        var before = Blobs("cache");

        await FinishAsync(@base => With(new SdkPush(@base), "var/task/Fn.dll", "2"));

        Assert.That(Blobs("cache"), Is.EqualTo(before));
    }

    [Test]
    public async Task A_finished_application_layer_that_is_changed_on_disk_is_detected()
    {
        var image = await FinishAsync(@base => new SdkPush(@base));
        var file = Temporaries("cache").Single(f => new FileInfo(f).Length == image.Layers[^1].Size);
        Flip(file, 1, of: 2);

        var failure = await Failure.OfAsync(async () => await image.Layers[^1].OpenCompressedAsync(default));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC5003"));
    }

    [Test]
    public async Task A_publish_of_what_is_there_sends_nothing_where_tags_are_immutable()
    {
        _registry.ImmutableTags = _ => true;
        await FinishAsync(@base => new SdkPush(@base));
        _registry.Clear();

        await FinishAsync(@base => new SdkPush(@base) { Random = new Random(5) }, cache: "another");

        var requests = _registry.Requests.Where(r => r.Repository == "fn").ToList();
        Assert.That(requests.Where(r => r.IsWrite), Is.Empty);
        Assert.That(requests, Has.Count.EqualTo(1));
    }

    private static SdkPush With(SdkPush push, string path, string content) =>
        push with { Files = new Dictionary<string, string>(push.Files) { [path] = content } };

    private static SdkPush Packages(Image @base, string code) => new(@base)
    {
        Files = new Dictionary<string, string>
        {
            ["var/task/Fn.dll"] = code,
            ["var/task/Library.dll"] = "a package's",
            ["var/task/Fn.runtimeconfig.json"] = "{}",
            ["var/task/Fn.deps.json"] = """
                {
                  "runtimeTarget": { "name": "net10.0" },
                  "targets": { "net10.0": {
                    "Fn/1.0.0": { "runtime": { "Fn.dll": {} } },
                    "Library/2.0.0": { "runtime": { "lib/net8.0/Library.dll": {} } } } },
                  "libraries": {
                    "Fn/1.0.0": { "type": "project" },
                    "Library/2.0.0": { "type": "package" } }
                }
                """,
        },
    };

    private static string Created(Image image) =>
        JsonNode.Parse(image.Config.Bytes.Span)!["created"]!.GetValue<string>();

    private static void Flip(string path, int part, int of)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = file.Length * part / of;
        var old = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(old ^ 1));
    }

    private IEnumerable<string> Blobs(string cache) =>
        Directory.EnumerateFiles(Path.Combine(_root.Path, cache, "v1"), "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/tmp/")).Order(StringComparer.Ordinal);

    private IEnumerable<string> Temporaries(string cache) =>
        Directory.Exists(Path.Combine(_root.Path, cache))
            ? Directory.EnumerateFiles(Path.Combine(_root.Path, cache, "v1", "tmp"))
            : [];

    private Engine Engine(string cache) =>
        new(new EngineOptions(_root.Folder(cache), name => _environment.GetValueOrDefault(name)), _log);

    // What the SDK makes of both platforms, and where they go: into one index.
    private async Task<(List<ImageManifest> Manifests, PublishDestination Destination)> PushBothAsync(StagingRegistry staging)
    {
        var manifests = new List<ImageManifest>();
        foreach (var image in staging.Base.Images)
            manifests.Add(await new SdkPush(image).PushAsync(staging));
        return (manifests, new PublishDestination("fn", ["1"])
        {
            Repository = ImageReference.Parse($"{_registry.Host}/fn"),
            RuntimeIdentifiers = ["linux-x64", "linux-arm64"],
        });
    }

    private Task<StagingRegistry> StageAsync(Engine engine, params Platform[] platforms) =>
        engine.StageBaseAsync(
            new VirtualBaseRequest(ImageReference.Parse($"{_registry.Host}/lambda/dotnet:10"), platforms, [])
            {
                Function = Function with { Command = ["Fn"] },
            },
            default);

    private async Task<Image> FinishAsync(
        Func<Image, SdkPush> push, FinishSettings? settings = null, string cache = "cache", SbomSettings? sbom = null)
    {
        // Whoever looks into the application's layer needs its temporary file.
        var engine = Engine(cache);
        _engines.Add(engine);
        using var staging = await StageAsync(engine, Platform.LinuxAmd64);
        var manifest = await push(staging.Base.Images[0]).PushAsync(staging);
        return await PublishAsync(engine, staging, manifest, settings, sbom);
    }

    // The image as it was published; its layers can be opened as long as the engine and its cache are there.
    private async Task<Image> PublishAsync(
        Engine engine, StagingRegistry staging, ImageManifest manifest, FinishSettings? settings = null,
        SbomSettings? sbom = null)
    {
        var destination = new PublishDestination("fn", ["1"]) { Repository = ImageReference.Parse($"{_registry.Host}/fn") };
        var published = await engine.PublishAsync(
            staging, [manifest], settings ?? new FinishSettings { Function = Function }, destination, sbom, default);
        return published.Images.Single();
    }

    private static async Task<List<TarEntry>> EntriesAsync(Layer layer)
    {
        var entries = new List<TarEntry>();
        await using var stream = await layer.OpenUncompressedAsync(default);
        await using var reader = new TarReader(stream);
        while (await reader.GetNextEntryAsync() is { } entry)
            entries.Add(entry);
        return entries;
    }
}
