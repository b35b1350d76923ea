using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Functions;

public sealed class DesiredFunctionTests
{
    private static DesiredFunction Parse(params (string Name, string Value)[] properties) => DesiredFunction.Parse(
        name => properties.FirstOrDefault(x => x.Name == name).Value ?? "", []);

    [Test]
    public void What_is_not_set_stays_out()
    {
        var settings = Parse();

        Assert.That(settings, Is.EqualTo(new DesiredFunction { Tags = settings.Tags }));
        Assert.That(settings.Tags, Is.Empty);
    }

    [Test]
    public void Everything_that_can_be_set_is_read()
    {
        var settings = Parse(
            ("LambdaMemorySize", "512"), ("LambdaTimeout", " 30 "), ("LambdaEnvironment", "A1=1;B2=x=y"), ("LambdaTags", "team=shop"),
            ("LambdaTracingMode", "active"), ("LambdaSubnets", "s-1; s-2"), ("LambdaSecurityGroups", "g-1"),
            ("LambdaImageCommand", "one;two"), ("LambdaLogGroup", "/shop"), ("LambdaEphemeralStorage", "1024"));

        Assert.That((settings.MemorySize, settings.Timeout, settings.EphemeralStorage), Is.EqualTo((512, 30, 1024)));
        Assert.That(settings.Environment, Is.EqualTo(new Dictionary<string, string> { ["A1"] = "1", ["B2"] = "x=y" }));
        Assert.That(settings.TracingMode, Is.EqualTo("Active"));
        Assert.That(settings.Vpc!.SubnetIds, Is.EqualTo(new[] { "s-1", "s-2" }));
        Assert.That(settings.ImageConfig!.Command, Is.EqualTo(new[] { "one", "two" }));
        Assert.That(settings.Logging!.LogGroup, Is.EqualTo("/shop"));
        Assert.That(settings.Tags["team"], Is.EqualTo("shop"));
    }

    [TestCase("LambdaMemorySize", "64", "LLC2151")]
    [TestCase("LambdaTimeout", "901", "LLC2151")]
    [TestCase("LambdaTimeout", "1e2", "LLC2151")]
    [TestCase("LambdaTracingMode", "Sometimes", "LLC2152")]
    [TestCase("LambdaEnvironment", "just text", "LLC2153")]
    [TestCase("LambdaEnvironment", "AWS_REGION=x", "LLC2161")]
    [TestCase("LambdaEnvironment", "1A=x", "LLC2164")]
    [TestCase("LambdaSubnets", "s-1", "LLC2160")]
    [TestCase("LambdaFunctionRole", "shop", "LLC2157")]
    [TestCase("LambdaEnvironmentReplace", "yes", "LLC2150")]
    public void What_cannot_be_meant_is_named(string property, string value, string code)
    {
        var error = Assert.Throws<LayersException>(() => Parse((property, value)))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo(code));
    }

    [Test]
    public void A_pair_without_a_name_is_not_repeated_because_it_may_be_a_secret()
    {
        var error = Assert.Throws<LayersException>(() => Parse(("LambdaEnvironment", "hunter2-and-more")))!;

        Assert.That(error.Message, Does.Not.Contain("hunter2"));
    }

    [Test]
    public void Variables_over_four_kilobytes_are_refused()
    {
        var error = Assert.Throws<LayersException>(() => Parse(("LambdaEnvironment", "LONG=" + new string('x', 4096))))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2162"));
    }

    [Test]
    public void Variables_of_the_function_that_nobody_names_stay()
    {
        var actual = new FunctionConfiguration
        {
            Environment = new EnvironmentResponse { Variables = new Dictionary<string, string> { ["KEEP"] = "k", ["SET"] = "old" } },
        };

        var (request, changes) = ConfigurationDiff.Between(
            actual, new DesiredFunction { Environment = new Dictionary<string, string> { ["SET"] = "secret", ["NEW"] = "n" } });

        Assert.That(request.Environment!.Variables, Is.EquivalentTo(
            new Dictionary<string, string> { ["KEEP"] = "k", ["SET"] = "secret", ["NEW"] = "n" }));
        Assert.That(changes.Select(x => x.ToString()), Is.EqualTo(new[] { "Environment.NEW: added", "Environment.SET: changed" }));
    }

    [Test]
    public void Replacing_the_environment_removes_the_others()
    {
        var actual = new FunctionConfiguration
        {
            Environment = new EnvironmentResponse { Variables = new Dictionary<string, string> { ["OTHER"] = "k" } },
        };

        var (request, changes) = ConfigurationDiff.Between(
            actual, new DesiredFunction { Environment = new Dictionary<string, string> { ["NEW"] = "n" }, ReplaceEnvironment = true });

        Assert.That(request.Environment!.Variables!.Keys, Is.EqualTo(new[] { "NEW" }));
        Assert.That(changes.Select(x => x.ToString()), Does.Contain("Environment.OTHER: removed"));
    }

    [Test]
    public void Variables_that_cannot_be_read_are_not_overwritten_blindly()
    {
        var actual = new FunctionConfiguration
        {
            Environment = new EnvironmentResponse { Error = new EnvironmentError { ErrorCode = "AccessDeniedException" } },
        };

        var error = Assert.Throws<LayersException>(() => ConfigurationDiff.Between(
            actual, new DesiredFunction { Environment = new Dictionary<string, string> { ["NEW"] = "n" } }))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1321"));
    }

    [Test]
    public void Subnets_in_another_order_are_the_same_and_commands_are_not()
    {
        var actual = new FunctionConfiguration
        {
            VpcConfig = new VpcConfigResponse { SubnetIds = ["a", "b"], SecurityGroupIds = ["g"] },
            ImageConfigResponse = new ImageConfigResponse { ImageConfig = new ImageConfig { Command = ["a", "b"] } },
        };

        var (request, _) = ConfigurationDiff.Between(actual, new DesiredFunction
        {
            Vpc = new VpcConfig { SubnetIds = ["b", "a"], SecurityGroupIds = ["g"] },
            ImageConfig = new ImageConfig { Command = ["b", "a"] },
        });

        Assert.That(request.VpcConfig, Is.Null);
        Assert.That(request.ImageConfig!.Command, Is.EqualTo(new[] { "b", "a" }));
    }

    [TestCase("live", "live")]
    [TestCase("", null)]
    public void An_alias_is_read(string text, string? expected)
    {
        var request = DeploymentRequest.Parse("shop", "host", x => x == "LambdaAlias" ? text : "", []);

        Assert.That(request.Alias, Is.EqualTo(expected));
    }

    [TestCase("..")]
    [TestCase("a/b")]
    [TestCase("12")]
    [TestCase("a b")]
    public void An_alias_that_would_change_the_path_of_a_request_is_refused(string text)
    {
        var error = Assert.Throws<LayersException>(
            () => DeploymentRequest.Parse("shop", "host", x => x == "LambdaAlias" ? text : "", []))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2166"));
    }

    [TestCase("shop", "shop", null)]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:function:shop", "shop", "eu-west-1")]
    public void A_function_is_named_by_name_or_ARN(string text, string name, string? region)
    {
        var function = FunctionName.Parse(text);

        Assert.That(function.Name, Is.EqualTo(name));
        Assert.That(function.Region?.Name, Is.EqualTo(region));
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("arn:aws:lambda:eu-west-1:123456789012:function:shop:live")]
    [TestCase("arn:aws:s3:::shop")]
    public void Anything_else_is_refused(string text)
    {
        var error = Assert.Throws<LayersException>(() => FunctionName.Parse(text))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2155"));
    }
}
