using System.Text;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Tests.Hostile;

namespace LambdaLayers.Containers.Core.Tests.Aws;

/// <summary>Answers of AWS, changed at random: each is understood, or is refused as an answer.</summary>
public sealed class ChangedAnswerTests : AwsTestBase
{
    private const int Count = 200;
    private const string Arn = "arn:aws:lambda:eu-central-1:123456789012:layer:tools:3";

    private static readonly string[] Answers = ["LLC1118", "LLC1125", "LLC1208"];

    private byte[] _answer = [];

    [SetUp]
    public void AnswerAll()
    {
        Env.WithKeys();
        Env.Set("AWS_MAX_ATTEMPTS", "1");
        var server = Serve(async (_, response) =>
        {
            response.ContentType = "application/json";
            response.ContentLength = _answer.Length;
            await response.Body.WriteAsync(_answer);
        });
        Env.Set("AWS_ENDPOINT_URL", server.Address.AbsoluteUri);
    }

    [Test]
    public Task Layer_versions() => ExpectAsync(
        "GetLayerVersionByArn",
        $$"""
        {"Content":{"Location":"https://s3.example/zip?X=1","CodeSha256":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","CodeSize":3},
         "LayerVersionArn":"{{Arn}}","Version":3,"CompatibleArchitectures":["arm64"],"CompatibleRuntimes":["dotnet8"]}
        """,
        () => new LayerVersionResolver(Clients().Lambda(Frankfurt)).ResolveAsync(LayerVersionArn.Parse(Arn), default));

    [Test]
    public Task Registry_tokens() => ExpectAsync(
        "GetAuthorizationToken",
        """{"authorizationData":[{"authorizationToken":"QVdTOnA6d29yZA==","expiresAt":1.7E9,"proxyEndpoint":"https://h"}]}""",
        () => new EcrAuthorization(Clients(), TimeProvider.System).GetAsync(FrankfurtRegistry, null, default));

    [Test]
    public Task Functions() => ExpectAsync(
        "GetFunction",
        """
        {"Configuration":{"FunctionArn":"arn:aws:lambda:eu-central-1:1:function:f","PackageType":"Image","Architectures":["x86_64"],
         "State":"Active","LastUpdateStatus":"Successful","MemorySize":512,"Environment":{"Variables":{"A":"b"} } },
         "Code":{"ImageUri":"h/f@sha256:1"},"Tags":{"k":"v"}}
        """,
        () => CallAsync(Clients().Lambda(Frankfurt)));

    private async Task ExpectAsync(string operation, string answer, Func<Task> call)
    {
        var codes = await CorpusTests.ExpectAsync(operation, Count, Encoding.UTF8.GetBytes(answer), bytes =>
        {
            _answer = bytes;
            return call();
        });

        // Errors that speak of credentials or of the network would send the user to the wrong place.
        Assert.That(codes, Is.SubsetOf(Answers));
    }
}
