using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Images.LayerImages;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Verification as the engine does it: before a push, and of images in registries and archives.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VerifyImageTests : IDisposable
{
    private const string Secret = "q7Vb2mZ/kXw9Ht+RfC4yLsD1NpGe8JaUo3Ti5QxM";
    private readonly TempRoot _root = new();
    private readonly RecordingLog _log = new();
    private readonly Dictionary<string, string> _environment = [];
    private EmbeddedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _registry = await EmbeddedRegistry.StartAsync();
        _environment["HOME"] = _root.Folder("home");
    }

    [TearDown]
    public async Task StopAsync() => await _registry.DisposeAsync();

    public void Dispose() => _root.Dispose();

    [Test]
    public async Task An_image_in_a_registry_is_read_whole_and_only_once()
    {
        await PushAsync("fn", "1", Sound());

        await VerifyAsync($"{_registry.Host}/fn:1");
        var first = _registry.DownloadedBlobs("fn");
        _registry.Clear();
        await VerifyAsync($"{_registry.Host}/fn:1");

        Assert.That(first, Is.EqualTo(5), "four layers and the config");
        Assert.That(_registry.DownloadedBlobs("fn"), Is.Zero);
    }

    [Test]
    public async Task All_that_is_wrong_is_told_at_once_and_the_rest_as_warnings()
    {
        await PushAsync("fn", "1", Broken());

        var failure = await Failure.OfAsync(() => VerifyAsync($"{_registry.Host}/fn:1"));

        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo(["LLC3521", "LLC3524"]));
        Assert.That(_log.Warnings.Select(w => w.Code), Is.EqualTo(["LLC3574"]));
    }

    [Test]
    public async Task A_warning_that_the_build_takes_for_an_error_stops_the_push()
    {
        _environment["AWS_SECRET_ACCESS_KEY"] = Secret;
        _log.AsErrors.Add("LLC3574");
        _log.AsErrors.Add("LLC3570");
        var options = new VerificationOptions { AsWarning = ["LLC3570"] };

        var failure = await Failure.OfAsync(() => PublishAsync(
            push => With(push, "var/task/.env", $"TOKEN={Secret}\n"), options));

        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo(["LLC3570", "LLC3574"]));
        Assert.That(_log.Warnings, Is.Empty);
        Assert.That(_registry.Storage.Tags("fn"), Is.Empty);
    }

    [Test]
    public async Task Of_an_image_for_a_daemon_the_layers_are_verified_before_the_SDK_gets_them()
    {
        _environment["AWS_SECRET_ACCESS_KEY"] = Secret;
        _root.Write("layer/extensions/agent", "#!/bin/sh\r\n");
        _root.Write("layer/config.ini", $"key={Secret}");

        var failure = await Failure.OfAsync(() => StageForDaemonAsync("layer"));
        _root.Write("sound/extensions/agent", "#!/bin/sh\n");
        using var staging = await StageForDaemonAsync("sound");

        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo(["LLC3524", "LLC3570"]));
        Assert.That(staging.Base.Images[0].AddedLayers, Is.Not.Empty, "the handler, which is not there yet, is not missed");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_index_is_told_and_what_is_in_it_is_verified_too(bool broken)
    {
        using var pusher = new RegistryPusher(_registry.Uncounted);
        await pusher.PushIndexAsync("fn", "1", Sound(), broken ? Broken("arm64") : Sound("arm64"));

        var failure = await Failure.OfAsync(() => VerifyAsync($"{_registry.Host}/fn:1"));

        Assert.That(
            failure.Diagnostics.Select(d => d.Code).Distinct(),
            Is.EqualTo((string[])(broken ? ["LLC3501", "LLC3521", "LLC3524"] : ["LLC3501"])));
    }

    [TestCase(false, "docker-archive.tar")]
    [TestCase(true, "docker-archive.tar.gz")]
    public async Task What_docker_save_used_to_write_is_read(bool compressed, string name)
    {
        var path = _root.File(name);
        await using (var file = File.Create(path))
            await file.WriteAsync(compressed ? LayerBlobs.Gzip(DockerArchive(Broken())) : DockerArchive(Broken()));

        var failure = await Failure.OfAsync(() => VerifyAsync(path));

        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo(["LLC3521", "LLC3524"]));
    }

    [TestCase(ImageFamily.Oci)]
    [TestCase(ImageFamily.Docker)]
    public async Task What_this_package_archives_is_read(ImageFamily family)
    {
        await PushAsync("fn", "1", Broken(family: family));
        var path = _root.File("archive.tar");
        await ArchiveAsync($"{_registry.Host}/fn:1", path);

        var failure = await Failure.OfAsync(() => VerifyAsync(path));

        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo(["LLC3521", "LLC3524"]));
    }

    [Test]
    public async Task A_layout_folder_is_read()
    {
        var image = Broken(family: ImageFamily.Oci);
        var folder = _root.Folder("layout");
        WriteLayout(folder, image, SyntheticLayer.Sha256(image.Manifest.Span), image.Manifest.Length);

        var failure = await Failure.OfAsync(() => VerifyAsync(folder));

        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo(["LLC3521", "LLC3524"]));
    }

    [Test]
    public async Task What_is_no_image_is_refused()
    {
        var empty = _root.Folder("empty");
        var text = _root.Write("text.txt", new string('x', 2000));
        var image = Sound(family: ImageFamily.Oci);
        var damaged = _root.Folder("damaged");
        WriteLayout(damaged, image, SyntheticLayer.Sha256(image.Config.Span), image.Config.Length);

        foreach (var path in (string[])[empty, text, damaged])
            Assert.That((await Failure.OfAsync(() => VerifyAsync(path))).Diagnostic.Code, Is.EqualTo("LLC3590"), path);
        Assert.That((await Failure.OfAsync(() => VerifyAsync("/nowhere/x.tar"))).Diagnostic.Code,
            Is.EqualTo("LLC2181"));
    }

    [Test]
    public async Task A_report_has_every_rule_and_every_finding()
    {
        await PushAsync("fn", "1", Broken());
        var report = _root.File("findings.sarif");

        await Failure.OfAsync(() => VerifyAsync($"{_registry.Host}/fn:1",
            new VerificationOptions { ReportPath = report }));

        var run = JsonNode.Parse(await File.ReadAllTextAsync(report))!["runs"]![0]!;
        var results = run["results"]!.AsArray();
        Assert.That(results.Select(r => $"{r!["ruleId"]} {r["level"]}"), Is.EqualTo(["LLC3521 error", "LLC3524 "
            + "error", "LLC3574 warning"]));
        Assert.That(results.Select(r => r!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!.GetValue<string>()),
            Is.EqualTo(
            ["opt/extensions/agent", "opt/extensions/agent", "var/task/.env"]));
        Assert.That(results[0]!["message"]!["text"]!.GetValue<string>(), Does.Contain("0644"));
        var rules = run["tool"]!["driver"]!["rules"]!.AsArray().Select(r => r!["id"]!.GetValue<string>()).ToList();
        Assert.That(rules, Is.Unique.And.SupersetOf(results.Select(r => r!["ruleId"]!.GetValue<string>())));
    }

    [Test]
    public async Task A_report_that_cannot_be_written_is_told()
    {
        await PushAsync("fn", "1", Sound());

        var failure = await Failure.OfAsync(() => VerifyAsync(
            $"{_registry.Host}/fn:1", new VerificationOptions { ReportPath = _root.Folder("a-folder") }));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC5020"));
    }

    private static IEnumerable<TestCaseData> Leaks()
    {
        yield return Case("a published file", push => With(push, "var/task/appsettings.json", $"{{ \"key\": "
            + $"\"{Secret}\" }}"));
        yield return Case("a label", push => push with
        {
            Labels = new Dictionary<string,
            string>
            { ["note"] = Secret }
        });
        yield return Case("a variable", push => push with { Environment = [$"KEY={Secret}"] });

        static TestCaseData Case(string place, Func<SdkPush,
            SdkPush> plant) => new TestCaseData(plant).SetName($"A_live_credential_stops_the_push_in({place})");
    }

    [TestCaseSource(nameof(Leaks))]
    public async Task A_live_credential_stops_the_push_in(object plant)
    {
        _environment["AWS_SECRET_ACCESS_KEY"] = Secret;

        var failure = await Failure.OfAsync(() => PublishAsync((Func<SdkPush, SdkPush>)plant));

        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo(["LLC3570"]));
        Assert.That(failure.Message, Does.Contain("AWS_SECRET_ACCESS_KEY").And.Not.Contain(Secret[..10]));
        Assert.That(_log.All.Concat(_log.Warnings.Select(w => w.Text)), Has.None.Contains(Secret[..10]));
        Assert.That(_registry.Storage.Tags("fn"), Is.Empty);
        Assert.That(_registry.UploadedBlobs("fn"), Is.Zero);
    }

    [Test]
    public async Task A_password_of_a_log_in_file_and_one_of_the_SDK_s_variables_are_looked_for()
    {
        var auth = Convert.ToBase64String("me:docker-Pa55word"u8);
        _root.Write("home/.docker/config.json", $$"""{ "auths": { "registry.example.com": { "auth": "{{auth}}" } } }""");
        _environment["DOTNET_CONTAINER_PUSH_REGISTRY_PWORD"] = "push-Pa55word";

        var failure = await Failure.OfAsync(() => PublishAsync(push => With(push, "var/task/x.txt", $"docker-Pa55word "
            + $"{auth} push-Pa55word")));

        Assert.That(failure.Diagnostics.Select(d => d.Message),
            Has.Exactly(1).Contains("registry.example.com").And.Exactly(1).Contains("PUSH_REGISTRY_PWORD"));
    }

    [Test]
    public async Task Verification_can_be_turned_off_and_downloads_nothing_of_the_base()
    {
        _environment["AWS_SECRET_ACCESS_KEY"] = Secret;

        await PublishAsync(push => push);
        Assert.That(_registry.DownloadedBlobs("lambda/dotnet"), Is.EqualTo(1), "the base's config");
        Assert.That(_log.All, Has.Some.Contains("was not verified"));
        await PublishAsync(push => push with { Environment = [$"KEY={Secret}"] },
            new VerificationOptions { Enabled = false });
        Assert.That(_registry.Storage.Tags("fn"), Is.EqualTo(["1"]));
    }

    private static SdkPush With(SdkPush push, string path, string content) =>
        push with { Files = new Dictionary<string, string>(push.Files) { [path] = content } };

    private static SyntheticImage Sound(string architecture = "amd64",
        ImageFamily family = ImageFamily.Docker) => Image(architecture, family, tar => tar
        .File("var/task/Fn.dll", "MZ"));

    private static SyntheticImage Broken(string architecture = "amd64",
        ImageFamily family = ImageFamily.Docker) => Image(architecture, family, tar => tar
        .File("var/task/Fn.dll", "MZ").File("opt/extensions/agent", "#!/bin/sh\r\n").File("var/task/.env",
            "TOKEN=abcdef0123\n"));

    private static SyntheticImage Image(string architecture, ImageFamily family, Action<LayerTar> fill)
    {
        var run = SyntheticBase.RunConfig(dotnet: true);
        run["Cmd"] = new JsonArray("Fn");
        return new SyntheticImage(
            family, architecture, run, [.. SyntheticBase.Documented(architecture, family, dotnet: true).Layers,
                SyntheticLayer.Create(fill)]);
    }

    private static void WriteLayout(string folder, SyntheticImage image, string manifest, int size)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        foreach (var blob in image.Layers.Select(l => l.Blob).Append(image.Config).Append(image.Manifest))
            File.WriteAllBytes(Path.Combine(blobs, SyntheticLayer.Sha256(blob.Span)[7..]), blob.ToArray());
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(
            Path.Combine(folder, "index.json"),
            $$"""{ "schemaVersion": 2, "manifests": [{ "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "{{manifest}}", "size": {{size}} }] }""");
    }

    // Layers are plain tars there, one of them a link to another folder.
    private static byte[] DockerArchive(SyntheticImage image)
    {
        var archive = new TarBuilder();
        var names = new JsonArray();
        for (var i = 0; i < image.Layers.Count; i++)
        {
            using var gzip = new System.IO.Compression.GZipStream(
                new MemoryStream(image.Layers[i].Blob.ToArray()), System.IO.Compression.CompressionMode.Decompress);
            using var tar = new MemoryStream();
            gzip.CopyTo(tar);
            archive.File(i == 0 ? "real/layer.tar" : $"{i}/layer.tar", tar.ToArray());
            names.Add((JsonNode)$"{i}/layer.tar");
        }

        return archive.Link("0/layer.tar", "../real/layer.tar").File("config.json", image.Config.ToArray())
            .File("manifest.json", new JsonArray(new JsonObject
            {
                ["Config"] = "config.json",
                ["Layers"] = names
            }).ToJsonString())
            .ToArray();
    }

    private async Task PushAsync(string repository, string tag, SyntheticImage image)
    {
        using var pusher = new RegistryPusher(_registry.Uncounted);
        await pusher.PushAsync(repository, tag, image);
    }

    private async Task ArchiveAsync(string reference, string path)
    {
        using var http = Core.Http.HttpTransport.Create(HttpClient.DefaultProxy, _log, TimeProvider.System);
        var options = new RegistryOptions
        {
            Insecure = InsecureRegistries.From(_ => null),
            Offline = new OfflineMode(false)
        };
        var puller = new ImagePuller(new RegistryClient(http, CredentialChain.Anonymous, options));
        var (images, _) = await puller.PullAllAsync(ImageReference.Parse(reference), default);
        await ImageArchive.WriteAsync(path, new PublishedImages(images, null), ["fn:1"], default);
    }

    private Engine NewEngine(VerificationOptions? options = null) => new(
        new EngineOptions(_root.Folder("cache"),
            name => _environment.GetValueOrDefault(name))
        { Verification = options ?? new VerificationOptions() },
        _log);

    private async Task VerifyAsync(string name, VerificationOptions? options = null)
    {
        using var engine = NewEngine(options);
        await engine.VerifyImageAsync(name, default);
    }

    private async Task<Core.Oci.Staging.StagingRegistry> StageForDaemonAsync(string folder)
    {
        await SyntheticBase.PushPlainAsync(_registry, "lambda/dotnet", "10", dotnet: true);
        using var engine = NewEngine();
        var layer = new LayerItem(new ItemOrigin(folder), LayerKind.Directory) { ProjectDirectory = _root.Path };
        return await engine.StageBaseAsync(
            new VirtualBaseRequest(ImageReference.Parse($"{_registry.Host}/lambda/dotnet:10"), [Platform.LinuxAmd64], [layer])
            {
                Function = new FunctionSettings("Fn") { Command = ["Fn"] },
                IsForDaemon = true,
            },
            default);
    }

    private async Task PublishAsync(Func<SdkPush, SdkPush> change, VerificationOptions? options = null)
    {
        await SyntheticBase.PushPlainAsync(_registry, "lambda/dotnet", "10", dotnet: true);
        using var engine = NewEngine(options);
        var request = new VirtualBaseRequest(ImageReference.Parse($"{_registry.Host}/lambda/dotnet:10"), [Platform.LinuxAmd64], [])
        {
            Function = new FunctionSettings("Fn") { Command = ["Fn"] },
        };
        var destination = new PublishDestination("fn", ["1"]) { Repository = ImageReference.Parse($"{_registry.Host}/fn") };
        await SdkPush.PublishAsync(engine, request, destination, change);
    }
}
