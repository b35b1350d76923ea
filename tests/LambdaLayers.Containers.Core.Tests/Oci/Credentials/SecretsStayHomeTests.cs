using System.Net.Http.Headers;
using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Oci.Credentials;

/// <summary>
/// Each secret goes to the server that it is for, and to no other. The kit looks at every request of every test and story
/// (<see cref="SecretWatch"/>); here a publish has as many secrets and servers at once as there can be.
/// </summary>
[NonParallelizable]
public sealed class SecretsStayHomeTests
{
    [Test]
    public async Task A_publish_that_talks_to_six_servers_tells_each_its_own_secret_only()
    {
        using var root = new TempRoot();
        using var certificates = new TestCertificates();
        await using var aws = await FakeAws.StartAsync();
        await using var tokens = await TokenServer.StartAsync(certificates.Authority, "password-of-the-layers");
        await using var storage = await FakeServer.StartAsync(context => Task.CompletedTask);
        await using var bases = await EmbeddedRegistry.StartAsync(Guard("password-of-the-base"));
        await using var layers = await EmbeddedRegistry.StartAsync(new RegistryGuard { Tokens = tokens });
        await using var target = await EmbeddedRegistry.StartAsync(Guard("password-of-the-target"));
        await using var elsewhere = await EmbeddedRegistry.StartAsync(storage: target.Storage);
        await SyntheticBase.PushPlainAsync(bases, "lambda/dotnet", "10", dotnet: true);
        await SyntheticBase.PushPlainAsync(layers, "team/layer", "1");
        // Uploads are sent to another server than the registry, as some registries' are.
        target.UploadHost = $"http://{elsewhere.Host}";
        var arn = "arn:aws:lambda:us-east-1:123456789012:layer:tools:1";
        aws.Layers.Add(arn, new ZipBuilder().File("lib/a", "a").Write(root));
        var environment = new Dictionary<string, string?>(aws.Environment())
        {
            ["HOME"] = root.Path,
            ["DOTNET_CONTAINER_PULL_REGISTRY_UNAME"] = RegistryGuard.User,
            ["DOTNET_CONTAINER_PULL_REGISTRY_PWORD"] = "password-of-the-base",
            ["DOTNET_CONTAINER_PUSH_REGISTRY_UNAME"] = RegistryGuard.User,
            ["DOTNET_CONTAINER_PUSH_REGISTRY_PWORD"] = "password-of-the-target",
            ["DOCKER_CONFIG"] = root.Path,
        };
        root.Write("config.json", $$"""{"auths":{"{{layers.Host}}":{"auth":"{{Base64("password-of-the-layers")}}"} } }""");

        using var process = new AwsEnvironment();
        foreach (var (name, value) in environment)
            process.Set(name, value);
        await PublishAsync(root, environment, bases, target, arn, $"{layers.Host}/team/layer:1");

        Assert.That(SecretWatch.Violations, Is.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(bases.Authorized, Is.Not.Empty);
            Assert.That(layers.Authorized, Is.Not.Empty);
            Assert.That(target.Authorized, Is.Not.Empty);
            Assert.That(tokens.Server.Authorized, Is.Not.Empty);
            Assert.That(aws.RequestCount, Is.Positive);
            Assert.That(elsewhere.Requests, Is.Not.Empty);
            Assert.That(elsewhere.Authorized, Is.Empty);
        });
    }

    [TestCase("Authorization")]
    [TestCase("X-Token")]
    [TestCase("address")]
    public async Task A_secret_that_comes_to_another_server_fails_the_test(string where)
    {
        await using var owner = await EmbeddedRegistry.StartAsync(Guard("a-password-of-one-only"));
        var other = await FakeServer.StartAsync(context => Task.CompletedTask);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(other.Address, where == "address" ? "?token=a-password-of-one-only" : "v2/"));
        if (where == "Authorization")
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Base64("a-password-of-one-only"));
        else if (where != "address")
            request.Headers.Add(where, "a-password-of-one-only");
        using var response = await client.SendAsync(request);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await other.DisposeAsync());

        Assert.That(failure!.Message, Does.Contain("a-password-of-one-only").And.Contain(other.Host));
    }

    private static RegistryGuard Guard(string password) => new() { Htpasswd = true, OwnPassword = password };

    private static string Base64(string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{RegistryGuard.User}:{password}"));

    private static async Task PublishAsync(
        TempRoot root, Dictionary<string, string?> environment, EmbeddedRegistry bases, EmbeddedRegistry target, params string[] includes)
    {
        var options = new EngineOptions(root.Folder("cache"), name => environment.GetValueOrDefault(name))
        {
            Registries = new RegistryUse { BaseRegistry = bases.Host, Destination = target.Host },
        };
        using var engine = new Engine(options, new RecordingLog());
        var items = includes.Select(include => LayerItemParser.Parse(
            new ItemOrigin(include), root.Path, name => name == "SourcePath" ? "/etc" : "")).ToList();
        var request = new VirtualBaseRequest(ImageReference.Parse($"{bases.Host}/lambda/dotnet:10"), [Platform.LinuxAmd64], items)
        {
            Function = new FunctionSettings("Fn") { Command = ["Fn"] },
        };
        var destination = new PublishDestination("fn", ["1"]) { Repository = ImageReference.Parse($"{target.Host}/fn") };
        await SdkPush.PublishAsync(engine, request, destination);
    }
}
