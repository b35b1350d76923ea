using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

public sealed class FakeAwsFunctionsTests
{
    private const string Role = "arn:aws:iam::123456789012:role/lambda-role";
    private const string Repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:";
    private static readonly string One = Repository + new string('1', 64);
    private static readonly string Two = Repository + new string('2', 64);

    private FakeAws _aws = null!;

    [SetUp]
    public async Task Start() => _aws = await FakeAws.StartAsync();

    [TearDown]
    public async Task Stop() => await _aws.DisposeAsync();

    [Test]
    public async Task The_aws_cli_creates_a_function_waits_and_updates_it()
    {
        var created = await Create("app", One);
        var early = await Fails("lambda", "update-function-code", "--function-name", "app", "--image-uri", Two);
        await AwsCli.JsonAsync(_aws, "lambda", "get-function", "--function-name", "app");
        var active = await AwsCli.JsonAsync(_aws, "lambda", "get-function", "--function-name", "app");
        var updated = await AwsCli.JsonAsync(
            _aws, "lambda", "update-function-code", "--function-name", "app", "--image-uri", Two, "--publish");
        await Settle();
        var after = await AwsCli.JsonAsync(_aws, "lambda", "get-function", "--function-name", "app");

        Assert.That(created.GetProperty("State").GetString(), Is.EqualTo("Pending"));
        Assert.That(early, Does.Contain("ResourceConflictException"));
        Assert.That(active.GetProperty("Configuration").GetProperty("State").GetString(), Is.EqualTo("Active"));
        Assert.That(active.GetProperty("Code").GetProperty("ResolvedImageUri").GetString(), Is.EqualTo(One));
        Assert.That(active.GetProperty("Tags").GetProperty("team").GetString(), Is.EqualTo("a"));
        Assert.That(updated.GetProperty("Version").GetString(), Is.EqualTo("1"));
        Assert.That(after.GetProperty("Configuration").GetProperty("LastUpdateStatus").GetString(), Is.EqualTo("Successful"));
        Assert.That(_aws.Functions.Find("app")!.ImageUri, Is.EqualTo(Two));
    }

    [Test]
    public async Task A_failed_update_leaves_the_old_code_and_says_why()
    {
        _aws.Functions.PollsUntilReady = 0;
        await Create("app", One);
        await Settle();
        _aws.Functions.FailOnceAccepted(
            "UpdateFunctionCode", "ImageAccessDenied", "Lambda does not have permission to access the ECR image.");

        await AwsCli.JsonAsync(_aws, "lambda", "update-function-code", "--function-name", "app", "--image-uri", Two);
        await Settle();

        var function = _aws.Functions.Find("app")!;
        Assert.That(function.Configuration["LastUpdateStatus"]!.GetValue<string>(), Is.EqualTo("Failed"));
        Assert.That(function.Configuration["LastUpdateStatusReasonCode"]!.GetValue<string>(), Is.EqualTo("ImageAccessDenied"));
        Assert.That(function.ImageUri, Is.EqualTo(One));
    }

    [Test]
    public async Task Configuration_versions_aliases_and_tags_do_as_lambda_does()
    {
        _aws.Functions.PollsUntilReady = 0;
        await Create("app", One);
        await Settle();
        string[] name = ["--function-name", "app"];

        await AwsCli.JsonAsync(_aws, ["lambda", "update-function-configuration", .. name, "--memory-size", "512"]);
        await Settle();
        var first = await AwsCli.JsonAsync(_aws, ["lambda", "publish-version", .. name]);
        var again = await AwsCli.JsonAsync(_aws, ["lambda", "publish-version", .. name]);
        await AwsCli.JsonAsync(_aws, ["lambda", "create-alias", .. name, "--name", "live", "--function-version", "1"]);
        var live = await AwsCli.JsonAsync(_aws, ["lambda", "get-function-configuration", .. name, "--qualifier", "live"]);
        var stale = await Fails(["lambda", "publish-version", .. name, "--revision-id", "old"]);
        var arn = _aws.Functions.Find("app")!.Arn;
        await AwsCli.JsonAsync(_aws, "lambda", "tag-resource", "--resource", arn, "--tags", "k=v");
        await AwsCli.JsonAsync(_aws, "lambda", "untag-resource", "--resource", arn, "--tag-keys", "team");
        var tags = await AwsCli.JsonAsync(_aws, "lambda", "list-tags", "--resource", arn);

        Assert.That(first.GetProperty("Version").GetString(), Is.EqualTo("1"));
        Assert.That(again.GetProperty("Version").GetString(), Is.EqualTo("1"));
        Assert.That(live.GetProperty("MemorySize").GetInt32(), Is.EqualTo(512));
        Assert.That(stale, Does.Contain("PreconditionFailedException"));
        Assert.That(tags.GetProperty("Tags").GetRawText().Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings(""),
            Is.EqualTo("""{"k":"v"}"""));
    }

    [Test]
    public async Task An_alias_sends_a_share_of_its_calls_to_one_other_version_until_told_otherwise()
    {
        _aws.Functions.PollsUntilReady = 0;
        await Create("app", One);
        await Settle();
        string[] name = ["--function-name", "app"];
        string[] live = [.. name, "--name", "live"];
        await AwsCli.JsonAsync(_aws, ["lambda", "publish-version", .. name]);
        await AwsCli.JsonAsync(_aws, ["lambda", "update-function-code", .. name, "--image-uri", Two, "--publish"]);
        await Settle();

        var created = await AwsCli.JsonAsync(
            _aws,
            [
                "lambda", "create-alias", .. live, "--function-version", "2",
                "--routing-config", "AdditionalVersionWeights={1=0.1}",
            ]);
        var described = await AwsCli.JsonAsync(_aws, ["lambda", "update-alias", .. live, "--description", "shared"]);
        var unknown = await Fails(["lambda", "update-alias", .. live, "--routing-config", "AdditionalVersionWeights={9=0.1}"]);
        var heavy = await Fails(["lambda", "update-alias", .. live, "--routing-config", "AdditionalVersionWeights={1=1.5}"]);
        await AwsCli.JsonAsync(_aws, ["lambda", "update-alias", .. live, "--routing-config", "AdditionalVersionWeights={}"]);
        var ended = await AwsCli.JsonAsync(_aws, ["lambda", "get-alias", .. live]);

        foreach (var alias in new[] { created, described })
        {
            var weights = alias.GetProperty("RoutingConfig").GetProperty("AdditionalVersionWeights");
            Assert.That(weights.GetProperty("1").GetDouble(), Is.EqualTo(0.1));
        }

        Assert.That(unknown, Does.Contain("ResourceNotFoundException"));
        Assert.That(heavy, Does.Contain("InvalidParameterValueException"));
        Assert.That(ended.GetProperty("FunctionVersion").GetString(), Is.EqualTo("2"));
        Assert.That(ended.TryGetProperty("RoutingConfig", out _), Is.False);
    }

    [Test]
    public async Task An_image_of_another_region_a_missing_one_and_an_index_are_refused()
    {
        await using var registry = await EcrRegistry.StartAsync(_aws);
        _aws.Ecr.Add("app");
        using var pusher = new RegistryPusher(registry.Inner.Uncounted);
        await pusher.PushIndexAsync("app", "both", SyntheticBase.Plain("amd64"), SyntheticBase.Plain("arm64"));
        var digest = await pusher.PushAsync("app", "one", SyntheticBase.Plain());

        var region = await CreateFails(One.Replace("us-east-1", "eu-west-1", StringComparison.Ordinal));
        var missing = await CreateFails($"{registry.Host}/app:none");
        var index = await CreateFails($"{registry.Host}/app:both");
        var created = await Create("good", $"{registry.Host}/app:one");

        Assert.That(region, Does.Contain("InvalidParameterValueException").And.Contain("is not valid"));
        Assert.That(missing, Does.Contain("InvalidParameterValueException").And.Contain("does not exist"));
        Assert.That(index, Does.Contain("InvalidParameterValueException").And.Contain("is not supported"));
        Assert.That("sha256:" + created.GetProperty("CodeSha256").GetString(), Is.EqualTo(digest));
    }

    [Test]
    public async Task Planned_failures_come_once_and_in_the_services_shape()
    {
        _aws.Fail("CreateFunction", AwsException.Throttled());

        var throttled = await CreateFails(One);
        var created = await Create("app", One);

        Assert.That(throttled, Does.Contain("TooManyRequestsException").And.Contain("Rate exceeded"));
        Assert.That(created.GetProperty("FunctionName").GetString(), Is.EqualTo("app"));
    }

    private Task<System.Text.Json.JsonElement> Create(string name, string image) => AwsCli.JsonAsync(_aws, Creation(name, image));

    private Task<string> CreateFails(string image) => Fails(Creation("refused", image));

    private static string[] Creation(string name, string image) =>
    [
        "lambda", "create-function", "--function-name", name, "--role", Role, "--package-type", "Image",
        "--code", $"ImageUri={image}", "--tags", "team=a",
    ];

    private async Task<string> Fails(params string[] arguments)
    {
        var result = await AwsCli.RunAsync(_aws, _aws.Key, "us-east-1", arguments);
        Assert.That(result.ExitCode, Is.Not.Zero);
        return result.Output;
    }

    private async Task Settle()
    {
        for (var i = 0; i <= _aws.Functions.PollsUntilReady; i++)
        {
            await AwsCli.JsonAsync(_aws, "lambda", "get-function", "--function-name", "app");
        }
    }
}
