using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Aws;

public sealed class LambdaClientTests : AwsTestBase
{
    private const string Arn = "arn:aws:lambda:eu-central-1:123456789012:layer:tools:3";

    [Test]
    public async Task A_layer_is_asked_for_by_arn_and_read()
    {
        Env.WithKeys();
        var server = ServeLambda((_, r) => r.JsonAsync($$"""
            {"Content":{"Location":"https://s3/x?sig","CodeSha256":"abc=","CodeSize":12,"ResolvedS3Object":{"S3Bucket":"b"} },
             "LayerVersionArn":"{{Arn}}","Version":3,"CompatibleArchitectures":["arm64"],"CompatibleRuntimes":["dotnet8"],
             "Description":"d","Unknown":{"x":[1]} }
            """));

        var answer = await Clients().Lambda(Frankfurt).GetLayerVersionByArnAsync(new() { Arn = Arn }, default);

        var request = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(request.Method, Is.EqualTo("GET"));
            Assert.That(request.RawPath, Is.EqualTo("/2018-10-31/layers"));
            Assert.That(Uri.UnescapeDataString(request.RawQuery), Does.Contain("find=LayerVersion").And.Contain("Arn=" + Arn));
            Assert.That(SigV4.Verify(request), Is.EqualTo("eu-central-1/lambda"));
            Assert.That((answer.Content!.CodeSha256, answer.Content.CodeSize), Is.EqualTo(("abc=", 12L)));
            Assert.That((answer.Version, answer.Description), Is.EqualTo((3L, "d")));
            Assert.That(answer.CompatibleArchitectures, Is.EqualTo(new[] { "arm64" }));
            Assert.That(answer.CompatibleRuntimes, Is.EqualTo(new[] { "dotnet8" }));
            Assert.That(answer.ToString(), Does.Not.Contain("sig"), "the link is a secret");
        });
    }

    [Test]
    public async Task An_arn_in_the_path_is_escaped_and_signed()
    {
        Env.WithKeys();
        var server = ServeLambda((_, r) => r.JsonAsync("""{"LayerVersions":[{"Version":2}],"NextMarker":"a/b+c="}"""));

        var answer = await Clients().Lambda(Frankfurt).ListLayerVersionsAsync(
            new() { LayerName = "arn:aws:lambda:eu-central-1:123456789012:layer:tools", Marker = "x/y+z=", MaxItems = 50 }, default);

        var request = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(
                Uri.UnescapeDataString(request.RawPath),
                Is.EqualTo("/2018-10-31/layers/arn:aws:lambda:eu-central-1:123456789012:layer:tools/versions"));
            Assert.That(request.RawQuery, Does.Contain("Marker=x%2Fy%2Bz%3D").And.Contain("MaxItems=50"));
            SigV4.Verify(request);
            Assert.That(answer.NextMarker, Is.EqualTo("a/b+c="));
            Assert.That(answer.LayerVersions!.Single().Version, Is.EqualTo(2));
        });
    }

    [Test]
    public async Task A_function_is_created_and_read()
    {
        Env.WithKeys();
        var server = ServeLambda((_, r) => r.JsonAsync("""{"FunctionName":"f","State":"Pending","RevisionId":"r1"}""", 201));

        var answer = await Clients().Lambda(Frankfurt).CreateFunctionAsync(
            new()
            {
                FunctionName = "f",
                Role = "arn:aws:iam::1:role/r",
                PackageType = "Image",
                Code = new() { ImageUri = "h/r@sha256:1" },
                Architectures = ["arm64"],
                Environment = new() { Variables = new Dictionary<string, string> { ["Größe"] = "<&\"+" } },
            },
            default);

        var request = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That((request.Method, request.Target), Is.EqualTo(("POST", "/2015-03-31/functions")));
            SigV4.Verify(request);
            var body = System.Text.Json.Nodes.JsonNode.Parse(request.Body)!;
            Assert.That((string?)body["Code"]!["ImageUri"], Is.EqualTo("h/r@sha256:1"));
            Assert.That((string?)body["Environment"]!["Variables"]!["Größe"], Is.EqualTo("<&\"+"));
            Assert.That(body.AsObject().ContainsKey("Timeout"), Is.False, "what is null is left out");
            Assert.That((answer.State, answer.RevisionId), Is.EqualTo(("Pending", "r1")));
        });
    }

    private static IEnumerable<TestCaseData> Calls()
    {
        TestCaseData Call(string target, Func<LambdaClient, Task> call, string? body = null) =>
            new TestCaseData(target, call, body).SetArgDisplayNames(target);
        yield return Call("PUT /2015-03-31/functions/f/code", c => c.UpdateFunctionCodeAsync(
            new() { FunctionName = "f", ImageUri = "i", RevisionId = "r" }, default), """{"ImageUri":"i","RevisionId":"r"}""");
        yield return Call("PUT /2015-03-31/functions/f/configuration", c => c.UpdateFunctionConfigurationAsync(
            new() { FunctionName = "f", Timeout = 3 }, default), """{"Timeout":3}""");
        yield return Call("GET /2015-03-31/functions/f?Qualifier=7", c => c.GetFunctionAsync(
            new() { FunctionName = "f", Qualifier = "7" }, default));
        yield return Call("POST /2015-03-31/functions/f/versions", c => c.PublishVersionAsync(
            new() { FunctionName = "f" }, default), "{}");
        yield return Call("GET /2015-03-31/functions/f/aliases/live", c => c.GetAliasAsync(
            new() { FunctionName = "f", Name = "live" }, default));
        yield return Call("POST /2015-03-31/functions/f/aliases", c => c.CreateAliasAsync(
            new() { FunctionName = "f", Name = "live", FunctionVersion = "1" }, default), """{"Name":"live","FunctionVersion":"1"}""");
        yield return Call("PUT /2015-03-31/functions/f/aliases/live", c => c.UpdateAliasAsync(
            new() { FunctionName = "f", Name = "live", FunctionVersion = "2" }, default), """{"FunctionVersion":"2"}""");
        yield return Call("POST /2017-03-31/tags/arn:aws:lambda:eu-central-1:1:function:f", c => c.TagResourceAsync(
            new() { Resource = "arn:aws:lambda:eu-central-1:1:function:f", Tags = new Dictionary<string, string> { ["a"] = "b" } },
            default), """{"Tags":{"a":"b"}}""");
    }

    [TestCaseSource(nameof(Calls))]
    public async Task Every_operation_goes_to_its_place_with_a_good_signature(
        string target, Delegate call, string? body)
    {
        Env.WithKeys();
        var server = ServeLambda((q, r) =>
        {
            r.StatusCode = 204;
            return q.Method == "GET" ? r.JsonAsync("{}") : Task.CompletedTask;
        });

        await ((Func<LambdaClient, Task>)call)(Clients().Lambda(Frankfurt));

        var request = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That($"{request.Method} {Uri.UnescapeDataString(request.Target)}", Is.EqualTo(target));
            Assert.That(request.Body, Is.EqualTo(body ?? ""));
            SigV4.Verify(request);
        });
    }
}
