using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Functions;

public sealed class CheckDeploymentTests
{
    private const string Ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

    private static readonly FunctionName Shop = FunctionName.Parse("shop");

    private static AwsRegion Region(string registry, string? own = null, string? endpointVariable = null, FunctionName? name = null)
    {
        var clients = new FakeClients { Own = own is null ? null : AwsRegion.Parse(own) };
        var check = new CheckDeployment(clients, x => x == endpointVariable ? "http://localhost:4566" : null);
        return check.Region(name ?? Shop, registry, null);
    }

    [Test]
    public void Without_a_region_of_its_own_the_build_deploys_where_the_image_is()
    {
        Assert.That(Region(Ecr).Name, Is.EqualTo("us-east-1"));
    }

    [Test]
    public void A_function_of_another_region_cannot_have_the_image()
    {
        var error = Assert.Throws<LayersException>(() => Region(Ecr, own: "eu-west-1"))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1315"));
        Assert.That(error.Message, Does.Contain("123456789012.dkr.ecr.eu-west-1.amazonaws.com"));
    }

    [Test]
    public void The_region_of_an_ARN_counts()
    {
        var name = FunctionName.Parse("arn:aws:lambda:eu-west-1:123456789012:function:shop");

        Assert.That(() => Region(Ecr, own: "us-east-1", name: name), Throws.TypeOf<LayersException>());
    }

    [TestCase("docker.io")]
    [TestCase("localhost:5000")]
    [TestCase("public.ecr.aws")]
    public void A_registry_that_Lambda_cannot_pull_from_is_refused(string registry)
    {
        var error = Assert.Throws<LayersException>(() => Region(registry, own: "us-east-1"))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1316"));
    }

    [TestCase("AWS_ENDPOINT_URL")]
    [TestCase("AWS_ENDPOINT_URL_LAMBDA")]
    public void An_emulator_takes_any_registry(string variable)
    {
        Assert.That(Region("localhost:5000", own: "us-east-1", endpointVariable: variable).Name, Is.EqualTo("us-east-1"));
    }

    [TestCase("", new[] { "x86_64" }, "x86_64")]
    [TestCase("arm64", new[] { "arm64", "x86_64" }, "arm64")]
    [TestCase("x64", new[] { "arm64", "x86_64" }, "x86_64")]
    public void The_image_of_the_function_s_architecture_is_taken(string wanted, string[] published, string expected)
    {
        Assert.That(SelectImage.Run(Shop, Images(published), wanted).Architecture, Is.EqualTo(expected));
    }

    [TestCase("", new[] { "arm64", "x86_64" }, "LLC2158")]
    [TestCase("arm64", new[] { "x86_64" }, "LLC2159")]
    [TestCase("mips", new[] { "x86_64" }, "LLC2152")]
    [TestCase("", new string[0], "LLC2163")]
    public void No_image_is_guessed(string wanted, string[] published, string code)
    {
        var error = Assert.Throws<LayersException>(() => SelectImage.Run(Shop, Images(published), wanted))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo(code));
    }

    private static List<PublishedImage> Images(string[] architectures) =>
        [.. architectures.Select(x => new PublishedImage($"{Ecr}/shop@{Digest.Of("x"u8)}", x, Digest.Of("x"u8)))];
}
