using System.Net;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class LayerVersionResolverTests : AwsTestBase
{
    private const string Layer = "arn:aws:lambda:eu-central-1:123456789012:layer:tools";
    private static readonly Digest Sha256 = Digest.Of("zip"u8);

    private static string Version(long version, string? arn = null) => $$"""
        {"Content":{"Location":"https://s3.example/zip?X-Amz-Signature=SECRET","CodeSha256":"{{Convert.ToBase64String(Convert.FromHexString(Sha256.Hex))}}",
         "CodeSize":3},"LayerVersionArn":"{{arn ?? $"{Layer}:{version}"}}","Version":{{version}},"CompatibleArchitectures":["arm64"],
         "CompatibleRuntimes":["dotnet8"],"Description":"d"}
        """;

    private static bool IsList(SeenRequest request) => request.RawPath.EndsWith("/versions", StringComparison.Ordinal);

    private Task<ResolvedLayerVersion> ResolveAsync(string arn) =>
        new LayerVersionResolver(Clients().Lambda(Frankfurt)).ResolveAsync(LayerVersionArn.Parse(arn), default);

    [SetUp]
    public void UseKeys()
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
    }

    [Test]
    public async Task A_versioned_arn_needs_no_listing()
    {
        var server = ServeLambda((_, r) => r.JsonAsync(Version(3)));

        var layer = await ResolveAsync(Layer + ":3");

        Assert.Multiple(() =>
        {
            Assert.That(layer.Arn.ToString(), Is.EqualTo(Layer + ":3"));
            Assert.That((layer.Version, layer.Digest, layer.Size), Is.EqualTo((3L, Sha256, 3L)));
            Assert.That(layer.Architectures, Is.EqualTo(new[] { "arm64" }));
            Assert.That(layer.Runtimes, Is.EqualTo(new[] { "dotnet8" }));
            Assert.That(layer.ToString(), Does.Not.Contain("SECRET"));
            Assert.That(server.Requests, Has.Count.EqualTo(1));
        });
    }

    [TestCase(Layer)]
    [TestCase(Layer + ":latest")]
    public async Task An_open_version_is_the_highest_of_all_pages_in_whatever_order(string arn)
    {
        var server = ServeLambda((q, r) => !IsList(q)
            ? r.JsonAsync(Version(12))
            : r.JsonAsync(q.RawQuery.Contains("Marker=next", StringComparison.Ordinal)
                ? """{"LayerVersions":[{"Version":12},{"Version":2}]}"""
                : """{"LayerVersions":[{"Version":9},{"Version":1}],"NextMarker":"next"}"""));

        var layer = await ResolveAsync(arn);

        Assert.That(layer.Arn.ToString(), Is.EqualTo(Layer + ":12"));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
        Assert.That(Uri.UnescapeDataString(server.Requests[^1].RawQuery), Does.Contain(Layer + ":12"));
    }

    [Test]
    public async Task A_layer_that_AWS_manages_becomes_what_Lambda_calls_it()
    {
        ServeLambda((_, r) => r.JsonAsync(Version(4, "arn:aws:lambda:eu-central-1:999999999999:layer:Managed:4")));

        var layer = await ResolveAsync("arn:aws:lambda:::awslayer:Managed");

        Assert.That(layer.Arn.ToString(), Is.EqualTo("arn:aws:lambda:eu-central-1:999999999999:layer:Managed:4"));
    }

    [TestCase("AccessDeniedException", 403, "LLC1120")]
    [TestCase("ResourceNotFoundException", 404, "LLC1121")]
    public async Task A_refusal_names_all_causes(string code, int status, string expected)
    {
        ServeLambda((_, r) => r.ErrorAsync(status, code, "no"));

        var error = await Failure.OfAsync(() => ResolveAsync(Layer + ":3"));

        Assert.That(error.Diagnostic.Code, Is.EqualTo(expected));
        Assert.That(error.Diagnostic.Message, Does.Contain(Layer + ":3"));
        if (status == 403)
            Assert.That(
                error.Diagnostic.Message,
                Does.Contain("lambda:GetLayerVersion").And.Contain("eu-central-1").And.Contain("shared").And.Contain("region"));
    }

    [Test]
    public async Task An_unknown_version_lists_those_that_exist()
    {
        ServeLambda((q, r) => IsList(q)
            ? r.JsonAsync("""{"LayerVersions":[{"Version":1},{"Version":2},{"Version":3},{"Version":4},{"Version":5},{"Version":6}]}""")
            : r.ErrorAsync(404, "ResourceNotFoundException", "no"));

        var error = await Failure.OfAsync(() => ResolveAsync(Layer + ":99"));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1122"));
        Assert.That(error.Diagnostic.Message, Does.Contain("no version 99").And.Contain("6, 5, 4, 3, 2").And.Contain(Layer + ":6"));
    }

    [TestCase(403, "AccessDeniedException", "LLC1123")]
    [TestCase(404, "ResourceNotFoundException", "LLC1124")]
    [TestCase(200, "", "LLC1124")]
    [TestCase(429, "TooManyRequestsException", "LLC1113")]
    public async Task An_open_version_that_cannot_be_found_out_says_why(int status, string code, string expected)
    {
        ServeLambda((_, r) => status == 200 ? r.JsonAsync("{}") : r.ErrorAsync(status, code, "no"));

        var error = await Failure.OfAsync(() => ResolveAsync(Layer));

        Assert.That(error.Diagnostic.Code, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_list_without_end_is_given_up()
    {
        ServeLambda((_, r) => r.JsonAsync("""{"LayerVersions":[{"Version":1}],"NextMarker":"again"}"""));

        var error = await Failure.OfAsync(() => ResolveAsync(Layer));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1125"));
    }

    [TestCase("CodeSha256", "\"short\"")]
    [TestCase("CodeSize", "0")]
    [TestCase("Location", "\"no url\"")]
    [TestCase("Version", "99")]
    public async Task An_answer_that_cannot_be_used_is_reported(string field, string value)
    {
        var json = System.Text.RegularExpressions.Regex.Replace(Version(3), $"\"{field}\":(\"[^\"]*\"|[0-9]+)", $"\"{field}\":{value}");
        ServeLambda((_, r) => r.JsonAsync(json));

        var error = await Failure.OfAsync(() => ResolveAsync(Layer + ":3"));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1125"));
        Assert.That(error.Diagnostic.Message, Does.Contain(field));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_expired_link_is_renewed_unless_the_content_has_changed(bool changed)
    {
        var zip = "zip"u8.ToArray();
        var store = Serve(async (q, r) =>
        {
            if (q.Target == "/old")
                r.StatusCode = (int)HttpStatusCode.Forbidden;
            else
                await r.Body.WriteAsync(zip);
        });
        var answers = 0;
        ServeLambda((_, r) =>
        {
            var json = Version(3).Replace("https://s3.example/zip", new Uri(store.Address, answers++ == 0 ? "old" : "new").AbsoluteUri,
                StringComparison.Ordinal);
            json = json.Replace("?X-Amz-Signature=SECRET", "", StringComparison.Ordinal);
            if (changed && answers == 2)
                json = json.Replace("CodeSha256\":\"", "CodeSha256\":\"AAAA", StringComparison.Ordinal)
                    .Remove(json.IndexOf("CodeSha256", StringComparison.Ordinal) + 17, 4);
            return r.JsonAsync(json);
        });
        var resolver = new LayerVersionResolver(Clients().Lambda(Frankfurt));
        var cache = new ContentCache(new CachePaths(Env.Root.Folder("cache")));
        using var http = HttpTransport.Create(new System.Net.WebProxy(), new RecordingLog(), TimeProvider.System);
        var downloader = new LayerDownloader(
            new HttpDownload(http, cache));
        var layer = await resolver.ResolveAsync(LayerVersionArn.Parse(Layer + ":3"), default);

        var fetch = () => downloader.FetchAsync(layer, resolver, default);

        if (changed)
            Assert.That((await Failure.OfAsync(fetch)).Diagnostic.Code, Is.EqualTo("LLC1126"));
        else
            Assert.That(await fetch());
        Assert.That(await cache.ContainsAsync(Sha256, default), Is.EqualTo(!changed));
    }
}
