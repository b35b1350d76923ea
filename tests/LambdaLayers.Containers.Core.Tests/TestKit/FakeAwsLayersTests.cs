using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Aws;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

public sealed class FakeAwsLayersTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:580247275435:layer:Insights:";

    private TempRoot _root = null!;
    private FakeAws _aws = null!;
    private HttpClient _client = null!;
    private byte[] _zip = null!;

    [SetUp]
    public async Task Start()
    {
        _root = new TempRoot();
        _aws = await FakeAws.StartAsync();
        _client = new HttpClient();
        await using (var zip = await ZipFile.OpenAsync(_root.File("layer.zip"), ZipArchiveMode.Create))
        {
            var noise = new byte[200_000];
            new Random(7).NextBytes(noise);
            await using var entry = await zip.CreateEntry("noise", CompressionLevel.NoCompression).OpenAsync();
            await entry.WriteAsync(noise);
        }

        _zip = await File.ReadAllBytesAsync(_root.File("layer.zip"));
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _aws.DisposeAsync();
        _root.Dispose();
    }

    [Test]
    public async Task The_aws_cli_gets_a_layer_by_arn_and_its_link_gives_the_zip()
    {
        var layer = Add(53);
        layer.CompatibleArchitectures = ["x86_64"];

        var json = await AwsCli.JsonAsync(_aws, "lambda", "get-layer-version-by-arn", "--arn", Arn + 53);
        var content = json.GetProperty("Content");
        byte[] downloaded = await _client.GetByteArrayAsync(content.GetProperty("Location").GetString());

        Assert.That(json.GetProperty("LayerVersionArn").GetString(), Is.EqualTo(Arn + 53));
        Assert.That(json.GetProperty("CompatibleArchitectures")[0].GetString(), Is.EqualTo("x86_64"));
        Assert.That(content.GetProperty("CodeSha256").GetString(), Is.EqualTo(layer.CodeSha256));
        Assert.That(downloaded, Is.EqualTo(_zip));
        Assert.That(_aws.Calls.Select(c => c.Operation), Is.EqualTo((string[])["GetLayerVersionByArn", "GetObject"]));
    }

    [Test]
    public async Task The_aws_cli_gets_a_layer_by_its_percent_encoded_name_and_lists_all_pages()
    {
        Add(2);
        Add(10);
        Add(9);
        _aws.Layers.PageSize = 2;

        var one = await AwsCli.JsonAsync(
            _aws, "lambda", "get-layer-version", "--layer-name", Arn.TrimEnd(':'), "--version-number", "9");
        var list = await AwsCli.JsonAsync(_aws, "lambda", "list-layer-versions", "--layer-name", Arn.TrimEnd(':'));

        Assert.That(one.GetProperty("Version").GetInt64(), Is.EqualTo(9));
        Assert.That(Versions(list), Is.EqualTo((long[])[10, 9, 2]));
        Assert.That(_aws.Calls.Count(c => c.Operation == "ListLayerVersions"), Is.EqualTo(2));
    }

    [Test]
    public async Task The_aws_cli_publishes_a_layer_of_its_own()
    {
        var published = await AwsCli.JsonAsync(
            _aws, "lambda", "publish-layer-version", "--layer-name", "mine", "--zip-file", $"fileb://{_root.File("layer.zip")}");
        var got = await AwsCli.JsonAsync(_aws, "lambda", "get-layer-version", "--layer-name", "mine", "--version-number", "1");

        Assert.That(published.GetProperty("Version").GetInt64(), Is.EqualTo(1));
        Assert.That(got.GetProperty("Content").GetProperty("CodeSize").GetInt64(), Is.EqualTo(_zip.Length));
    }

    [Test]
    public async Task A_wrong_secret_is_refused()
    {
        Add(53);

        var result = await Get(_aws.Key with { SecretAccessKey = "another" }, "us-east-1");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Output, Does.Contain("InvalidSignatureException"));
        Assert.That(_aws.Calls.Single().Status, Is.EqualTo(403));
    }

    [Test]
    public async Task A_session_needs_its_token_and_ends()
    {
        Add(53);
        var session = AwsKey.Create("session", DateTimeOffset.UtcNow.AddHours(1));
        _aws.Accept(session);

        var good = await Get(session, "us-east-1");
        var withoutToken = await Get(session with { SessionToken = null }, "us-east-1");
        var ended = session with { Expires = DateTimeOffset.UtcNow.AddMinutes(-1) };
        _aws.Accept(ended);
        var late = await Get(ended, "us-east-1");

        Assert.That(good.ExitCode, Is.Zero, good.Output);
        Assert.That(withoutToken.Output, Does.Contain("UnrecognizedClientException"));
        Assert.That(late.Output, Does.Contain("ExpiredTokenException"));
    }

    [Test]
    public async Task Another_region_an_unshared_layer_and_an_unknown_version_are_refused_as_lambda_does()
    {
        var layer = Add(53);

        var elsewhere = await Get(_aws.Key, "eu-west-1");
        layer.Denied = true;
        var denied = await Get(_aws.Key, "us-east-1");
        layer.Denied = false;
        _aws.Layers.Remove(layer);
        Add(54);
        var gone = await Get(_aws.Key, "us-east-1");

        Assert.That(elsewhere.Output, Does.Contain("AccessDeniedException"));
        Assert.That(denied.Output, Does.Contain("AccessDeniedException").And.Contain("lambda:GetLayerVersion"));
        Assert.That(gone.Output, Does.Contain("ResourceNotFoundException"));
    }

    [Test]
    public async Task A_cut_download_goes_on_with_a_range()
    {
        var layer = Add(53);
        layer.Faults.Cuts = 1;
        layer.Faults.CutAfterBytes = 70_000;
        var link = await Link();

        using var first = await _client.GetAsync(link, HttpCompletionOption.ResponseHeadersRead);
        var received = await ReadUntilCut(first);
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = new RangeHeaderValue(received.Length, null);
        using var second = await _client.SendAsync(request);
        byte[] rest = await second.Content.ReadAsByteArrayAsync();

        Assert.That(received, Has.Length.GreaterThan(0).And.Length.LessThanOrEqualTo(70_000));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That((byte[])[.. received, .. rest], Is.EqualTo(_zip));
    }

    [Test]
    public async Task An_expired_a_foreign_and_a_busy_link_are_refused()
    {
        var layer = Add(53);
        layer.Faults.ExpiredLinks = 1;
        layer.Faults.Unavailable = 1;
        var expired = await Link();
        var good = await Link();

        var statuses = new List<HttpStatusCode>();
        foreach (var link in new[] { expired, good[..^1] + "x", good, good })
        {
            using var response = await _client.GetAsync(link);
            statuses.Add(response.StatusCode);
        }

        Assert.That(statuses, Is.EqualTo((HttpStatusCode[])
            [HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK]));
    }

    private FakeLayer Add(int version) => _aws.Layers.Add(Arn + version, _root.File("layer.zip"));

    private Task<ToolResult> Get(AwsKey key, string region) =>
        AwsCli.RunAsync(_aws, key, region, "lambda", "get-layer-version-by-arn", "--arn", Arn + 53);

    private async Task<string> Link() =>
        (await AwsCli.JsonAsync(_aws, "lambda", "get-layer-version-by-arn", "--arn", Arn + 53))
            .GetProperty("Content").GetProperty("Location").GetString()!;

    private static long[] Versions(JsonElement list) =>
        [.. list.GetProperty("LayerVersions").EnumerateArray().Select(v => v.GetProperty("Version").GetInt64())];

    private static async Task<byte[]> ReadUntilCut(HttpResponseMessage response)
    {
        using var received = new MemoryStream();
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        try
        {
            for (var read = await body.ReadAsync(buffer); read > 0; read = await body.ReadAsync(buffer))
            {
                received.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            return received.ToArray();
        }

        throw new InvalidOperationException("The body ended without a cut.");
    }
}
