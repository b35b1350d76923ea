using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.PackageTests.Deployment;

/// <summary>Story: from an empty account to a running function with one command, and safely again.</summary>
public sealed class DeployFunctionStory
{
    private const string SingleArchitecture = "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>false</SelfContained>";

    private static readonly string[] Deploy =
    [
        "-p:LambdaFunctionName=shop", $"-p:LambdaFunctionRole={EcrStory.Role}", "-p:EcrCreateRepository=true", "-p:LambdaMemorySize=512",
        "-p:LambdaEnvironment=STAGE=prod",
    ];

    [Test]
    public async Task One_command_makes_repository_image_and_function_and_the_next_ones_change_only_what_is_new()
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture);

        (await story.PublishAsync(Deploy)).EnsureSucceeded();

        var function = story.Aws.Functions.Find("shop")!;
        Assert.That(function.Configuration["State"]!.GetValue<string>(), Is.EqualTo("Active"));
        Assert.That(function.Configuration["MemorySize"]!.GetValue<int>(), Is.EqualTo(512));
        Assert.That(function.ImageUri, Does.StartWith($"{EcrStory.Host}/shop@sha256:"));
        Assert.That(ImageFile(story)["imageUri"]!.GetValue<string>(), Is.EqualTo(function.ImageUri));

        story.Aws.ClearCalls();
        var again = (await story.PublishAsync(Deploy)).EnsureSucceeded();

        Assert.That(Changes(story), Is.Empty);
        Assert.That(again.Output, Does.Contain("nothing to change"));

        var old = function.ImageUri;
        (await story.PublishChangedAsync("System.Console.WriteLine(2);", Deploy)).EnsureSucceeded();
        (await story.PublishAsync(Deploy)).EnsureSucceeded();

        Assert.That(Changes(story), Is.EqualTo(new[] { "UpdateFunctionCode" }));
        Assert.That(function.ImageUri, Is.Not.EqualTo(old));

        story.Sandbox.Write("src/Shop/tools/bin/hello", "#!/bin/sh\necho other\n");
        story.Aws.ClearCalls();
        (await story.PublishAsync([.. Deploy, "-p:LambdaTimeout=30"])).EnsureSucceeded();

        Assert.That(Changes(story), Is.EqualTo(new[] { "UpdateFunctionCode", "UpdateFunctionConfiguration" }));
    }

    [Test]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture);

        var result = await story.PublishAsync([.. Deploy, "-p:LambdaDeployDryRun=true"]);

        result.EnsureSucceeded();
        Assert.That(result.Output, Does.Contain("would change").And.Contain("MemorySize: 512").And.Contain("Environment.STAGE: added"));
        Assert.That(Changes(story), Is.Empty);
        Assert.That(story.Registry.Inner.Requests, Is.Empty);
    }

    [Test]
    public async Task A_failed_update_leaves_the_old_code_and_says_so()
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture);
        (await story.PublishAsync(Deploy)).EnsureSucceeded();
        var old = story.Aws.Functions.Find("shop")!.ImageUri;
        story.Aws.Functions.FailOnceAccepted("UpdateFunctionCode", "InvalidImage", "The image is not supported");

        var result = await story.PublishChangedAsync("System.Console.WriteLine(3);", Deploy);

        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.Output, Does.Contain("LLC1312").And.Contain($"keeps running its old code, {old}"));
        Assert.That(story.Aws.Functions.Find("shop")!.ImageUri, Is.EqualTo(old));
    }

    [Test]
    public async Task With_two_architectures_the_function_gets_its_own_image_and_never_the_index()
    {
        await using var story = await EcrStory.StartIndexAsync();

        var ambiguous = await story.PublishAsync(Deploy);
        var pushedBeforeTheChoice = story.Registry.Inner.Requests.ToList();
        var chosen = await story.PublishAsync([.. Deploy, "-p:LambdaArchitecture=arm64"]);
        story.Aws.ClearCalls();
        var again = await story.PublishAsync([.. Deploy, "-p:LambdaArchitecture=arm64"]);

        Assert.That(ambiguous.Output, Does.Contain("LLC2158"));
        Assert.That(pushedBeforeTheChoice, Is.Empty);
        chosen.EnsureSucceeded();
        again.EnsureSucceeded();
        Assert.That(Changes(story), Is.Empty);
        var function = story.Aws.Functions.Find("shop")!;
        Assert.That(function.Configuration["Architectures"]![0]!.GetValue<string>(), Is.EqualTo("arm64"));
        var arm = story.Registry.Find("shop", function.ImageUri.Split('@')[1]);
        Assert.That(arm!.IsIndex, Is.False);
        var file = ImageFile(story);
        Assert.That(file["imageUri"], Is.Null);
        Assert.That(file["imageUris"]!.AsObject().Select(x => x.Key), Is.EqualTo(new[] { "arm64", "x86_64" }));
        Assert.That(file["images"]![0]!["layers"]![0]!["source"]!.GetValue<string>(), Is.EqualTo("tools"));
    }

    [Test]
    public async Task A_function_of_another_region_is_refused_before_the_push()
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture);

        var result = await story.PublishAsync([.. Deploy, "-p:AwsRegion=eu-west-1"]);

        Assert.That(result.Output, Does.Contain("LLC1315").And.Contain("-p:AwsRegion=us-east-1"));
        Assert.That(story.Registry.Inner.Requests, Is.Empty);
        Assert.That(Changes(story), Is.Empty);
    }

    [Test]
    public async Task A_push_that_is_cut_again_and_again_is_repeated_cleanly()
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture);
        story.Registry.Fault = context =>
        {
            if (context.Request.Method is not "PATCH" and not "PUT")
            {
                return Task.FromResult(false);
            }

            context.Abort();
            return Task.FromResult(true);
        };

        var cut = await story.PublishAsync(Deploy);
        var functionAfterCut = story.Aws.Functions.Find("shop");
        story.Registry.Fault = null;
        var repeated = await story.PublishAsync(Deploy);

        Assert.That(cut.Succeeded, Is.False);
        Assert.That(functionAfterCut, Is.Null);
        repeated.EnsureSucceeded();
        Assert.That(story.Aws.Functions.Find("shop")!.Configuration["State"]!.GetValue<string>(), Is.EqualTo("Active"));
    }

    [Test]
    public async Task The_settings_of_AWS_s_tools_are_honoured_and_deploy_only_when_asked()
    {
        await using var story = await EcrStory.StartAsync(
            SingleArchitecture + "<LambdaFunctionDefaults>false</LambdaFunctionDefaults>");
        story.Aws.Ecr.Add("shop");
        story.Sandbox.Write("src/Shop/aws-lambda-tools-defaults.json", $$"""
            {
              "function-name": "shop",
              "function-role": "{{EcrStory.Role}}",
              "function-memory-size": 256,
              "tracing-mode": "Active",
              "tags": "\"team\"=\"shop\"",
              "environment-variables": "\"LIST\"=\"a;b\""
            }
            """);

        (await story.PublishAsync()).EnsureSucceeded();
        var afterPush = story.Aws.Functions.Find("shop");
        (await story.PublishAsync("-t:DeployLambdaFunction")).EnsureSucceeded();

        Assert.That(afterPush, Is.Null);
        var function = story.Aws.Functions.Find("shop")!;
        Assert.That(function.Configuration["MemorySize"]!.GetValue<int>(), Is.EqualTo(256));
        Assert.That(function.Configuration["TracingConfig"]!["Mode"]!.GetValue<string>(), Is.EqualTo("Active"));
        Assert.That(function.Configuration["Environment"]!["Variables"]!["LIST"]!.GetValue<string>(), Is.EqualTo("a;b"));
        Assert.That(function.Tags["team"], Is.EqualTo("shop"));
    }

    private static JsonNode ImageFile(EcrStory story) => JsonNode.Parse(File.ReadAllText(
        Directory.EnumerateFiles(Path.GetDirectoryName(story.Project)!, "lambda-image.json", SearchOption.AllDirectories).Single()))!;

    // Everything that is neither a look nor a token.
    private static IEnumerable<string> Changes(EcrStory story) => story.Aws.Calls.Select(x => x.Operation)
        .Where(x => !x.StartsWith("Get", StringComparison.Ordinal) && !x.StartsWith("Describe", StringComparison.Ordinal)
            && !x.StartsWith("BatchGet", StringComparison.Ordinal));
}
