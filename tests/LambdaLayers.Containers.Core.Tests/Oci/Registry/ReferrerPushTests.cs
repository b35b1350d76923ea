using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>Documents about an image, put beside it: with the referrers API, and with the tag where there is none.</summary>
public sealed class ReferrerPushTests
{
    private const string Type = "application/vnd.cyclonedx+json";
    private static readonly TestImage Image = TestImage.Create(ManifestFamily.Docker, Platform.LinuxAmd64, "one");
    private readonly RecordingLog _log = new();
    private HttpTransport _http = null!;

    [SetUp]
    public void Start() => _http = new HttpTransport(
        HttpTransport.NewHandler(null), HttpTransport.NewHandler(null), new HttpPolicy(), TimeProvider.System, _log);

    [TearDown]
    public void Stop() => _http.Dispose();

    [Test]
    public async Task The_API_lists_it_and_a_second_time_nothing_is_sent()
    {
        await using var registry = await RegistryAsync();

        var first = await PushAsync(registry, Referrer("{}"));
        registry.Clear();
        var second = await PushAsync(registry, Referrer("{}"));

        Assert.That((first, second), Is.EqualTo((true, false)));
        Assert.That(Work(registry).Select(r => r.Method), Is.EqualTo(new[] { "GET" }));
        var listed = (await ListAsync(registry)).Single()!;
        Assert.That(listed["artifactType"]!.GetValue<string>(), Is.EqualTo(Type));
        Assert.That(registry.Storage.Tags("team/app"), Is.EqualTo(new[] { "1" }), "no other tag");
        var manifest = JsonNode.Parse(registry.Storage.FindManifest("team/app", listed["digest"]!.GetValue<string>())!.Bytes)!;
        Assert.Multiple(() =>
        {
            Assert.That(manifest["artifactType"]!.GetValue<string>(), Is.EqualTo(Type));
            Assert.That(manifest["subject"]!["digest"]!.GetValue<string>(), Is.EqualTo(Image.Manifest.Digest.ToString()));
            Assert.That(manifest["subject"]!["mediaType"]!.GetValue<string>(), Is.EqualTo(Image.Manifest.MediaType));
            Assert.That(manifest["config"]!["mediaType"]!.GetValue<string>(), Is.EqualTo("application/vnd.oci.empty.v1+json"));
            Assert.That(
                manifest["config"]!["digest"]!.GetValue<string>(),
                Is.EqualTo("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"), "the specification's");
            Assert.That(
                registry.Storage.FindBlob("team/app", manifest["layers"]![0]!["digest"]!.GetValue<string>()), Is.Not.Null);
        });
    }

    [TestCase(RegistryKind.Embedded)]
    [TestCase(RegistryKind.Docker)]
    public async Task A_registry_without_the_API_keeps_a_list_under_a_tag(RegistryKind kind)
    {
        await using var registry = await TestRegistry.StartAsync(kind);
        if (registry is EmbeddedRegistry embedded)
            embedded.HasReferrers = false;
        await FillAsync(registry);

        var sent = new[]
        {
            await PushAsync(registry, Referrer("1")), await PushAsync(registry, Referrer("2")), await PushAsync(registry, Referrer("1")),
        };

        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.oci.image.index.v1+json");
        var list = JsonNode.Parse(await http.GetStringAsync(
            new Uri(registry.Uncounted, $"/v2/team/app/manifests/sha256-{Image.Manifest.Digest.Hex}")))!;
        Assert.That(sent, Is.EqualTo(new[] { true, true, false }));
        Assert.That(
            list["manifests"]!.AsArray().Select(m => m!["digest"]!.GetValue<string>()),
            Is.EqualTo(new[] { Referrer("1").Digest.ToString(), Referrer("2").Digest.ToString() }));
        Assert.That(list["manifests"]!.AsArray().Select(m => m!["artifactType"]!.GetValue<string>()), Is.All.EqualTo(Type));
    }

    [Test]
    public async Task What_others_have_put_into_the_list_stays()
    {
        await using var registry = await RegistryAsync();
        registry.HasReferrers = false;
        var tag = $"sha256-{Image.Manifest.Digest.Hex}";
        var other = $$"""
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{Image.Manifest.Digest}}","size":7,"artifactType":"a/b","annotations":{"x":"y"} }
            """;
        registry.Storage.AddManifest("team/app", tag, MediaTypes.OciIndex, System.Text.Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{other}}],"annotations":{"a":"b"} }"""));

        await PushAsync(registry, Referrer("{}"));

        var list = JsonNode.Parse(registry.Storage.FindManifest("team/app", tag)!.Bytes)!;
        Assert.That(list["manifests"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(JsonNode.DeepEquals(list["manifests"]![0], JsonNode.Parse(other)), Is.True);
        Assert.That(list["annotations"]!["a"]!.GetValue<string>(), Is.EqualTo("b"));
    }

    [Test]
    public async Task A_list_that_is_none_is_told_and_left_alone()
    {
        await using var registry = await RegistryAsync();
        registry.HasReferrers = false;
        var tag = $"sha256-{Image.Manifest.Digest.Hex}";
        registry.Storage.AddManifest("team/app", tag, MediaTypes.OciIndex, "[]"u8.ToArray());

        var failure = await Failure.OfAsync(() => PushAsync(registry, Referrer("{}")));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC1024"));
        Assert.That(failure.Message, Does.Contain(tag).And.Contain("team/app"));
        Assert.That(registry.Storage.FindManifest("team/app", tag)!.Bytes, Is.EqualTo("[]"u8.ToArray()));
    }

    private static async Task<EmbeddedRegistry> RegistryAsync()
    {
        var registry = await EmbeddedRegistry.StartAsync();
        await FillAsync(registry);
        return registry;
    }

    private static async Task FillAsync(ITestRegistry registry)
    {
        using var pusher = new LambdaLayers.Containers.TestKit.Images.RegistryPusher(registry.Uncounted);
        foreach (var blob in Image.Layers.Append(Image.Config.Bytes.ToArray()))
            await pusher.PushBlobAsync("team/app", blob);
        await pusher.PushManifestAsync("team/app", "1", Image.Manifest.MediaType, Image.Manifest.Bytes);
    }

    private static async Task<JsonArray> ListAsync(EmbeddedRegistry registry)
    {
        using var http = new HttpClient();
        return JsonNode.Parse(await http.GetStringAsync(
            new Uri(registry.Uncounted, $"/v2/team/app/referrers/{Image.Manifest.Digest}")))!["manifests"]!.AsArray();
    }

    private static List<LambdaLayers.Containers.TestKit.Registries.RegistryRequest> Work(EmbeddedRegistry registry) =>
        [.. registry.Requests.Where(r => r.Path != "/v2/")];

    private static Referrer Referrer(string content) =>
        new(Image.Manifest.Descriptor, Type, "lambda-image.cdx.json", System.Text.Encoding.UTF8.GetBytes(content));

    private Task<bool> PushAsync(ITestRegistry registry, Referrer referrer) =>
        new ReferrerPush(_http, CredentialChain.Anonymous, new RegistryOptions(), _log).RunAsync(
            referrer, ImageReference.Parse($"{registry.Host}/team/app"), default);
}
