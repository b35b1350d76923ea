using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Functions;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeployFunctionTests
{
    private const string Host = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
    private const string Repository = Host + "/shop";
    private const string Role = "arn:aws:iam::123456789012:role/shop";

    private static readonly string Old = $"{Repository}@{Digest.Of("old"u8)}";
    private static readonly string New = $"{Repository}@{Digest.Of("new"u8)}";

    private readonly ScriptedLambda _lambda = new();
    private readonly RecordingLog _log = new();
    private readonly ImpatientTime _time = new(TimeSpan.FromSeconds(5));

    private Task<DeploymentResult> DeployAsync(
        DesiredFunction? desired = null,
        Func<DeploymentRequest, DeploymentRequest>? change = null,
        string architecture = "x86_64")
    {
        var deployment = new FunctionDeployment(new FakeClients(_lambda), _ => null, _time, _log);
        var request = new DeploymentRequest(FunctionName.Parse("shop"), Host, desired ?? new DesiredFunction { Role = Role });
        var image = new PublishedImage(New, architecture, Digest.Of("new"u8));
        return deployment.DeployAsync(change?.Invoke(request) ?? request, [image], default);
    }

    private void Exists(string image, Func<FunctionConfiguration, FunctionConfiguration>? change = null)
    {
        var function = new FunctionConfiguration
        {
            FunctionName = "shop",
            FunctionArn = "arn:aws:lambda:us-east-1:123456789012:function:shop",
            PackageType = "Image",
            Architectures = ["x86_64"],
            Role = Role,
            MemorySize = 128,
            Timeout = 3,
            State = "Active",
            LastUpdateStatus = "Successful",
        };
        _lambda.Function = change?.Invoke(function) ?? function;
        _lambda.Code = new FunctionCodeLocation { ImageUri = image, ResolvedImageUri = image };
    }

    [Test]
    public async Task A_new_function_is_created_and_waited_for_until_it_is_active()
    {
        var result = await DeployAsync();

        Assert.That(_lambda.Changes, Is.EqualTo(new[] { "CreateFunction" }));
        Assert.That(_lambda.Function!.State, Is.EqualTo("Active"));
        Assert.That(_time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1) }));
        Assert.That(result.FunctionArn, Does.EndWith(":function:shop"));
    }

    [Test]
    public async Task A_new_function_needs_a_role()
    {
        var error = await Failure.OfAsync(() => DeployAsync(new DesiredFunction()));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2156"));
        Assert.That(_lambda.Changes, Is.Empty);
    }

    [Test]
    public async Task A_function_that_is_as_wanted_is_left_alone()
    {
        Exists(New);

        var result = await DeployAsync(new DesiredFunction { Role = Role, MemorySize = 128 });

        Assert.That(_lambda.Changes, Is.Empty);
        Assert.That(result.Changes, Is.Empty);
    }

    [Test]
    public async Task A_tag_that_was_deployed_is_what_Lambda_made_of_it()
    {
        Exists(New);
        _lambda.Code = new FunctionCodeLocation { ImageUri = Repository + ":latest", ResolvedImageUri = New };

        await DeployAsync();

        Assert.That(_lambda.Changes, Is.Empty);
    }

    [Test]
    public async Task A_digest_that_was_deployed_is_what_runs_whatever_an_emulator_makes_of_it()
    {
        Exists(New);
        _lambda.Code = new FunctionCodeLocation { ImageUri = New, ResolvedImageUri = Old };

        await DeployAsync();

        Assert.That(_lambda.Changes, Is.Empty);
    }

    [Test]
    public async Task A_tag_alone_tells_nothing()
    {
        Exists(Repository + ":latest");

        await DeployAsync();

        Assert.That(_lambda.Changes, Is.EqualTo(new[] { "UpdateFunctionCode" }));
    }

    [TestCase(true, "Configuration")]
    [TestCase(false, "FunctionArn")]
    public async Task An_emulator_s_response_without_what_is_needed_is_named(bool empty, string missing)
    {
        Exists(New, f => empty ? f : f with { FunctionArn = null });
        _lambda.WithoutConfiguration = empty;

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1322"));
        Assert.That(error.Message, Does.Contain(missing));
    }

    [Test]
    public async Task Code_comes_before_settings_and_only_what_differs_is_sent()
    {
        Exists(Old);

        await DeployAsync(new DesiredFunction { Role = Role, MemorySize = 256, Timeout = 3 });

        Assert.That(_lambda.Changes, Is.EqualTo(new[] { "UpdateFunctionCode", "UpdateFunctionConfiguration" }));
        Assert.That(_lambda.LastConfiguration!.MemorySize, Is.EqualTo(256));
        Assert.That(_lambda.LastConfiguration.Timeout, Is.Null);
        Assert.That(_lambda.LastConfiguration.Role, Is.Null);
    }

    [Test]
    public async Task Somebody_else_s_update_is_waited_for_but_not_for_ever()
    {
        Exists(Old, f => f with { LastUpdateStatus = "InProgress" });
        var deploying = DeployAsync();

        var error = await Failure.OfAsync(() => deploying);

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1314"));
        Assert.That(_time.Waits, Has.Count.EqualTo(299));
        Assert.That(_lambda.Changes, Is.Empty);
    }

    [Test]
    public async Task A_zip_function_is_never_turned_into_an_image_function()
    {
        Exists(Old, f => f with { PackageType = "Zip" });

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1310"));
        Assert.That(_lambda.Changes, Is.Empty);
    }

    [Test]
    public async Task A_failed_creation_names_its_reason()
    {
        _lambda.FailAfter["CreateFunction"] = "ImageAccessDenied";

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1311"));
        Assert.That(error.Message, Does.Contain("ecr:BatchGetImage"));
    }

    [Test]
    public async Task A_code_update_that_fails_leaves_the_old_code_and_says_so()
    {
        Exists(Old);
        _lambda.FailAfter["UpdateFunctionCode"] = "InvalidImage";

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1312"));
        Assert.That(error.Message, Does.Contain($"keeps running its old code, {Old}"));
        Assert.That(_lambda.Code!.ImageUri, Is.EqualTo(Old));
    }

    [Test]
    public async Task A_refused_code_update_says_that_nothing_changed()
    {
        Exists(Old);
        _lambda.Refuse["UpdateFunctionCode"] = Refusals.Lambda("UpdateFunctionCode", "ResourceConflictException");

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1301"));
        Assert.That(error.Message, Does.Contain("unchanged and keeps running its old code"));
    }

    [Test]
    public async Task An_image_that_Lambda_may_not_pull_is_a_matter_of_the_repository_s_policy()
    {
        _lambda.Refuse["CreateFunction"] = Refusals.ImageDenied("lambda:CreateFunction");

        var error = await Failure.OfAsync(() => DeployAsync());

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1319"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Settings_that_fail_after_new_code_put_the_old_code_back(bool refused)
    {
        Exists(Old);
        if (refused)
            _lambda.Refuse["UpdateFunctionConfiguration"] = Refusals.Lambda("UpdateFunctionConfiguration", "InvalidParameterValueException");
        else
            _lambda.FailAfter["UpdateFunctionConfiguration"] = "InvalidSubnet";

        var error = await Failure.OfAsync(() => DeployAsync(new DesiredFunction { MemorySize = 256 }));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1317"));
        Assert.That(_lambda.Code!.ImageUri, Is.EqualTo(Old));
        Assert.That(_lambda.Changes[^1], Is.EqualTo("UpdateFunctionCode"));
    }

    [Test]
    public async Task Old_code_that_cannot_be_put_back_is_said_with_the_way_to_do_it()
    {
        Exists(Old);
        _lambda.Refuse["UpdateFunctionConfiguration"] = Refusals.Lambda("UpdateFunctionConfiguration", "InvalidParameterValueException");

        var error = await Failure.OfAsync(() => DeployAsync(
            new DesiredFunction { MemorySize = 256 },
            request =>
            {
                // The second update of the code is the one that puts back.
                _lambda.OnChange = operation =>
                {
                    if (operation == "UpdateFunctionConfiguration")
                        _lambda.Refuse["UpdateFunctionCode"] = Refusals.Lambda("UpdateFunctionCode", "ServiceException");
                };
                return request;
            }));

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

        Assert.That(_lambda.Changes, Is.Empty);
        Assert.That(
            result.Changes.Select(x => x.ToString()),
            Is.EqualTo(new[] { $"ImageUri: {Old} -> {New}", "MemorySize: 128 -> 256", "Tags.team: shop" }));
    }

    [Test]
    public async Task A_version_is_published_and_the_alias_made_then_moved_then_left()
    {
        Exists(New);

        await DeployAsync(null, request => request with { Alias = "live" });
        var again = await DeployAsync(null, request => request with { Alias = "live" });

        Assert.That(_lambda.AliasVersion, Is.EqualTo("7"));
        Assert.That(again.Version, Is.EqualTo("7"));
        Assert.That(again.Changes, Is.Empty);
        Assert.That(_lambda.Changes, Is.EqualTo(new[] { "PublishVersion", "CreateAlias", "PublishVersion" }));
    }

    [Test]
    public async Task An_alias_that_shares_its_calls_is_warned_about()
    {
        Exists(New);
        _lambda.SetAlias(new AliasConfiguration
        {
            Name = "live",
            FunctionVersion = "6",
            RoutingConfig = new AliasRoutingConfiguration { AdditionalVersionWeights = new Dictionary<string, double> { ["5"] = 0.1 } },
        });

        await DeployAsync(null, request => request with { Alias = "live" });

        Assert.That(_log.Warnings.Select(x => x.Code), Is.EqualTo(new[] { "LLC1330" }));
        Assert.That(_lambda.AliasVersion, Is.EqualTo("7"));
    }

    [Test]
    public async Task Another_architecture_is_new_code()
    {
        Exists(New);

        var result = await DeployAsync(architecture: "arm64");

        Assert.That(_lambda.Changes, Is.EqualTo(new[] { "UpdateFunctionCode" }));
        Assert.That(result.Changes[0].ToString(), Is.EqualTo("Architectures: x86_64 -> arm64"));
    }
}
