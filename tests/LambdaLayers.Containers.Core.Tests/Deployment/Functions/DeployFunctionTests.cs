using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Aws;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Aws;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Functions;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeployFunctionTests : FakeAwsTestBase
{
    private const string Host = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
    private const string Repository = Host + "/shop";
    private const string Role = "arn:aws:iam::123456789012:role/shop";

    private static readonly string Old = $"{Repository}@{Digest.Of("old"u8)}";
    private static readonly string New = $"{Repository}@{Digest.Of("new"u8)}";

    private readonly RecordingLog _log = new();
    private readonly ImpatientTime _time = new(TimeSpan.FromSeconds(5));

    private FakeFunction Function => Aws.Functions.Find("shop")!;

    private Task<DeploymentResult> DeployAsync(
        DesiredFunction? desired = null,
        Func<DeploymentRequest, DeploymentRequest>? change = null,
        string architecture = "x86_64",
        string? uri = null)
    {
        var deployment = new FunctionDeployment(Clients(), _ => null, _time, _log);
        var request = new DeploymentRequest(FunctionName.Parse("shop"), Host, desired ?? new DesiredFunction { Role = Role });
        var image = new PublishedImage(uri ?? New, architecture, Digest.Of("new"u8));
        return deployment.DeployAsync(change?.Invoke(request) ?? request, [image], default);
    }

    private Task<DeploymentResult> ReleaseAsync(int memory) =>
        DeployAsync(new DesiredFunction { MemorySize = memory }, request => request with { Alias = "live" });

    private void Exists(string image) => Aws.Functions.Add("shop", Role, image);

    // What an emulator may say of the function, and Lambda does not. A deployment asks twice before it changes anything.
    private void IsDescribed(Action<JsonObject> differently)
    {
        var response = new JsonObject
        {
            ["Configuration"] = Function.Configuration.DeepClone(),
            ["Code"] = new JsonObject { ["ImageUri"] = Function.ImageUri, ["ResolvedImageUri"] = Function.ImageUri },
        };
        differently(response);
        Aws.Answer("GetFunction", 200, "application/json", response.ToJsonString(), times: 2);
    }

    [Test]
    public async Task A_new_function_is_created_and_waited_for_until_it_is_active()
    {
        Aws.Functions.PollsUntilReady = 2;

        var result = await DeployAsync();

        Assert.That(Changes, Is.EqualTo(new[] { "CreateFunction" }));
        Assert.That((string?)Function.Configuration["State"], Is.EqualTo("Active"));
        Assert.That(_time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1) }));
        Assert.That(result.FunctionArn, Does.EndWith(":function:shop"));
    }

    [Test]
    public async Task What_was_pushed_to_a_FIPS_endpoint_is_deployed_from_the_endpoint_that_Lambda_supports()
    {
        var fips = Host.Replace(".ecr.", ".ecr-fips.", StringComparison.Ordinal);

        await DeployAsync(
            change: request => request with { Registry = fips }, uri: New.Replace(Host, fips, StringComparison.Ordinal));

        Assert.That(Function.ImageUri, Is.EqualTo(New));
        Assert.That(New, Does.StartWith(Host + "/"));
    }

    [Test]
    public async Task A_new_function_needs_a_role()
    {
        var error = await Failure.OfAsync(() => DeployAsync(new DesiredFunction()));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2156"));
        Assert.That(Changes, Is.Empty);
    }

    [Test]
    public async Task A_function_that_is_as_wanted_is_left_alone()
    {
        Exists(New);

        var result = await DeployAsync(new DesiredFunction { Role = Role, MemorySize = 128 });

        Assert.That(Changes, Is.Empty);
        Assert.That(result.Changes, Is.Empty);
    }

    [Test]
    public async Task A_tag_that_was_deployed_is_what_Lambda_made_of_it()
    {
        Aws.Functions.ResolveImage = _ => new ImageLookup(Digest.Of("new"u8).ToString(), MediaTypes.OciManifest, "{}");
        Exists(Repository + ":latest");

        await DeployAsync();

        Assert.That(Changes, Is.Empty);
    }

    [Test]
    public async Task A_digest_that_was_deployed_is_what_runs_whatever_an_emulator_makes_of_it()
    {
        Exists(New);
        IsDescribed(x => x["Code"]!["ResolvedImageUri"] = Old);

        await DeployAsync();

        Assert.That(Changes, Is.Empty);
    }

    [Test]
    public async Task A_tag_alone_tells_nothing()
    {
        Exists(Repository + ":latest");
        IsDescribed(x => x["Code"]!["ResolvedImageUri"] = Repository + ":latest");

        await DeployAsync();

        Assert.That(Changes, Is.EqualTo(new[] { "UpdateFunctionCode" }));
    }

    [TestCase(true, "Configuration")]
    [TestCase(false, "FunctionArn")]
    public async Task An_emulator_s_response_without_what_is_needed_is_named(bool empty, string missing)
    {
        Exists(New);
        IsDescribed(x => _ = empty ? x.Remove("Configuration") : x["Configuration"]!.AsObject().Remove("FunctionArn"));

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1322"));
        Assert.That(error.Message, Does.Contain(missing));
    }

    [Test]
    public async Task Code_comes_before_settings_and_only_what_differs_is_sent()
    {
        Exists(Old);

        await DeployAsync(new DesiredFunction { Role = Role, MemorySize = 256, Timeout = 3 });

        Assert.That(Changes, Is.EqualTo(new[] { "UpdateFunctionCode", "UpdateFunctionConfiguration" }));
        var sent = JsonNode.Parse(Aws.Calls.Single(x => x.Operation == "UpdateFunctionConfiguration").Body)!;
        Assert.That((int?)sent["MemorySize"], Is.EqualTo(256));
        Assert.That(sent["Timeout"], Is.Null);
        Assert.That(sent["Role"], Is.Null);
    }

    [Test]
    public async Task Somebody_else_s_update_is_waited_for_but_not_for_ever()
    {
        Exists(Old);
        Aws.Functions.PollsUntilReady = 1000;
        await Clients(region: AwsRegion.Parse("us-east-1")).Lambda().UpdateFunctionCodeAsync(
            new() { FunctionName = "shop", ImageUri = New }, default);
        Aws.ClearCalls();
        var deploying = DeployAsync();

        var error = await Failure.OfAsync(() => deploying);

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1314"));
        Assert.That(_time.Waits, Has.Count.EqualTo(299));
        Assert.That(Changes, Is.Empty);
    }

    [Test]
    public async Task A_zip_function_is_never_turned_into_an_image_function()
    {
        Exists(Old);
        Function.Configuration["PackageType"] = "Zip";

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1310"));
        Assert.That(Changes, Is.Empty);
    }

    [Test]
    public async Task A_failed_creation_names_its_reason()
    {
        Aws.Functions.FailOnceAccepted("CreateFunction", "ImageAccessDenied", "because");

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1311"));
        Assert.That(error.Message, Does.Contain("ecr:BatchGetImage"));
    }

    [Test]
    public async Task A_code_update_that_fails_leaves_the_old_code_and_says_so()
    {
        Exists(Old);
        Aws.Functions.FailOnceAccepted("UpdateFunctionCode", "InvalidImage", "because");

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1312"));
        Assert.That(error.Message, Does.Contain($"keeps running its old code, {Old}"));
        Assert.That(Function.ImageUri, Is.EqualTo(Old));
    }

    [Test]
    public async Task A_refused_code_update_says_that_nothing_changed()
    {
        Exists(Old);
        Refuse("UpdateFunctionCode", "ResourceConflictException", 409);

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1301"));
        Assert.That(error.Message, Does.Contain("unchanged and keeps running its old code"));
    }

    [Test]
    public async Task An_image_that_Lambda_may_not_pull_is_a_matter_of_the_repository_s_policy()
    {
        Refuse(
            "CreateFunction", "AccessDeniedException", 403,
            "Lambda does not have permission to access the ECR image. Check the ECR permissions.");

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1319"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Settings_that_fail_after_new_code_put_the_old_code_back(bool refused)
    {
        Exists(Old);
        if (refused)
            Refuse("UpdateFunctionConfiguration", "InvalidParameterValueException");
        else
            Aws.Functions.FailOnceAccepted("UpdateFunctionConfiguration", "InvalidSubnet", "because");

        var error = await Failure.OfAsync(() => DeployAsync(new DesiredFunction { MemorySize = 256 }));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1317"));
        Assert.That(Function.ImageUri, Is.EqualTo(Old));
        Assert.That(Changes[^1], Is.EqualTo("UpdateFunctionCode"));
    }

    [Test]
    public async Task Old_code_that_cannot_be_put_back_is_said_with_the_way_to_do_it()
    {
        Exists(Old);
        Refuse("UpdateFunctionConfiguration", "InvalidParameterValueException");
        // The second update of the code is the one that puts back.
        Refuse("UpdateFunctionCode", "ServiceException", 500, after: 1);

        var error = await Failure.OfAsync(() => DeployAsync(new DesiredFunction { MemorySize = 256 }));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1318"));
        Assert.That(error.Message, Does.Contain($"--image-uri {Old}"));
    }

    [Test]
    public async Task A_dry_run_lists_and_changes_nothing()
    {
        Exists(Old);

        var result = await DeployAsync(
            new DesiredFunction { MemorySize = 256, Tags = new Dictionary<string, string> { ["team"] = "shop" } },
            request => request with { DryRun = true, Alias = "live" });

        Assert.That(Changes, Is.Empty);
        Assert.That(
            result.Changes.Select(x => x.ToString()),
            Is.EqualTo(new[] { $"ImageUri: {Old} -> {New}", "MemorySize: 128 -> 256", "Tags.team: shop" }));
    }

    [Test]
    public async Task Tags_that_are_not_as_wanted_are_set_and_others_left()
    {
        Exists(New);
        Function.Tags["team"] = "shop";
        Function.Tags["owner"] = "ann";
        var wanted = new Dictionary<string, string> { ["team"] = "shop", ["stage"] = "prod" };

        await DeployAsync(new DesiredFunction { Tags = wanted });

        Assert.That(Changes, Is.EqualTo(new[] { "TagResource" }));
        Assert.That(Aws.Calls[^1].Body, Is.EqualTo("""{"Tags":{"stage":"prod"}}"""));
        Assert.That(Function.Tags, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_version_is_published_and_the_alias_made_then_left_then_moved()
    {
        Exists(New);

        var made = await ReleaseAsync(memory: 128);
        var again = await ReleaseAsync(memory: 128);
        var moved = await ReleaseAsync(memory: 256);

        Assert.That((made.Version, again.Version, moved.Version), Is.EqualTo(("1", "1", "2")));
        Assert.That(made.Changes.Select(x => x.ToString()), Is.EqualTo(new[] { "Alias live: 1" }));
        Assert.That(again.Changes, Is.Empty);
        Assert.That(moved.Changes[^1].ToString(), Is.EqualTo("Alias live: 1 -> 2"));
        Assert.That((string?)Function.Aliases["live"]["FunctionVersion"], Is.EqualTo("2"));
        Assert.That(Changes, Is.EqualTo(new[]
        {
            "PublishVersion", "CreateAlias", "PublishVersion", "UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias",
        }));
    }

    [Test]
    public async Task An_alias_that_shares_its_calls_is_warned_about()
    {
        Exists(New);
        await ReleaseAsync(memory: 128);
        await ReleaseAsync(memory: 256);
        var shares = JsonNode.Parse("""{"AdditionalVersionWeights":{"1":0.1}}""")!;
        Function.Aliases["live"]["RoutingConfig"] = shares.DeepClone();

        await ReleaseAsync(memory: 512);

        Assert.That(_log.Warnings.Select(x => x.Code), Is.EqualTo(new[] { "LLC1330" }));
        Assert.That((string?)Function.Aliases["live"]["FunctionVersion"], Is.EqualTo("3"));
        Assert.That(JsonNode.DeepEquals(Function.Aliases["live"]["RoutingConfig"], shares), "left as it was");
    }

    [Test]
    public async Task Another_architecture_is_new_code()
    {
        Exists(New);

        var result = await DeployAsync(architecture: "arm64");

        Assert.That(Changes, Is.EqualTo(new[] { "UpdateFunctionCode" }));
        Assert.That(result.Changes[0].ToString(), Is.EqualTo("Architectures: x86_64 -> arm64"));
    }
}
