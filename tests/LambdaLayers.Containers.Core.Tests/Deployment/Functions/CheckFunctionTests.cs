using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Aws;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Functions;

/// <summary>What is told before anything is fetched or pushed.</summary>
public sealed class CheckFunctionTests : FakeAwsTestBase
{
    internal const string Ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

    private const string Role = "arn:aws:iam::123456789012:role/shop";

    internal static DeploymentRequest Request(string name = "shop", string registry = Ecr, string architecture = "") => new(
        FunctionName.Parse(name), registry, new DesiredFunction { Role = Role })
    {
        Architecture = PublishedImage.ParseArchitecture(architecture),
    };

    private Task CheckAsync(
        DeploymentRequest request, string? own = null, string? endpointVariable = null, params Platform[] platforms)
    {
        var clients = Clients(region: own is null ? null : AwsRegion.Parse(own));
        var deployment = new FunctionDeployment(
            clients, x => x == endpointVariable ? "http://localhost:4566" : null, TimeProvider.System, new RecordingLog());
        return deployment.CheckAsync(request, platforms, default);
    }

    private async Task<string> CodeOfAsync(
        DeploymentRequest request, string? own = null, params Platform[] platforms)
    {
        var error = await Failure.OfAsync(() => CheckAsync(request, own, null, platforms));
        Assert.That(Changes, Is.Empty);
        return error.Diagnostic.Code;
    }

    [Test]
    public void Without_a_region_of_its_own_the_build_deploys_where_the_image_is() =>
        Assert.That(() => CheckAsync(Request()), Throws.Nothing);

    [Test]
    public async Task A_function_of_another_region_cannot_have_the_image()
    {
        var error = await Failure.OfAsync(() => CheckAsync(Request(), own: "eu-west-1"));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1315"));
        Assert.That(error.Message, Does.Contain("123456789012.dkr.ecr.eu-west-1.amazonaws.com"));
    }

    [Test]
    public async Task The_region_of_an_ARN_counts()
    {
        var request = Request("arn:aws:lambda:eu-west-1:123456789012:function:shop");

        Assert.That(await CodeOfAsync(request, own: "us-east-1"), Is.EqualTo("LLC1315"));
    }

    [TestCase("docker.io")]
    [TestCase("localhost:5000")]
    [TestCase("public.ecr.aws")]
    public async Task A_registry_that_Lambda_cannot_pull_from_is_refused(string registry) =>
        Assert.That(await CodeOfAsync(Request(registry: registry), own: "us-east-1"), Is.EqualTo("LLC1316"));

    [TestCase("AWS_ENDPOINT_URL")]
    [TestCase("AWS_ENDPOINT_URL_LAMBDA")]
    public void An_emulator_takes_any_registry(string variable) =>
        Assert.That(() => CheckAsync(Request(registry: "localhost:5000"), "us-east-1", variable), Throws.Nothing);

    [Test]
    public async Task A_new_function_needs_a_role_and_an_old_one_does_not()
    {
        var request = Request() with { Desired = new DesiredFunction() };

        Assert.That(await CodeOfAsync(request), Is.EqualTo("LLC2156"));
        Aws.Functions.Add("shop", Role, Ecr + "/shop:1");
        Assert.That(() => CheckAsync(request), Throws.Nothing);
    }

    [Test]
    public async Task A_zip_function_is_refused()
    {
        Aws.Functions.Add("shop", Role, Ecr + "/shop:1").Configuration["PackageType"] = "Zip";

        Assert.That(await CodeOfAsync(Request()), Is.EqualTo("LLC1310"));
    }

    [Test]
    public async Task Two_architectures_need_a_choice_before_the_push()
    {
        Platform[] both = [Platform.LinuxAmd64, Platform.LinuxArm64];

        Assert.That(await CodeOfAsync(Request(), platforms: both), Is.EqualTo("LLC2158"));
        Assert.That(() => CheckAsync(Request(architecture: "arm64"), platforms: both), Throws.Nothing);
        Assert.That(
            await CodeOfAsync(Request(architecture: "arm64"), platforms: Platform.LinuxAmd64), Is.EqualTo("LLC2159"));
    }
}
