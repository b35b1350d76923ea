using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Tests.Packing;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Images.Functions;

public sealed class ToolsDefaultsTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void A_file_of_AWSs_templates_is_read_with_its_comments_and_unknown_keys()
    {
        var defaults = Read("""
            {
              "Information": ["This file provides default values for the deployment wizard inside Visual Studio."],
              "profile": "dev", // the account
              "region": "eu-central-1",
              "configuration": "Release",
              "function-architecture": "arm64",
              "function-memory-size": 512,
              "function-timeout": 30,
              "function-handler": "App::App.Function::Handle",
              "something-new": true,
            }
            """);

        Assert.That(defaults["profile"], Is.EqualTo("dev"));
        Assert.That(defaults["region"], Is.EqualTo("eu-central-1"));
        Assert.That(defaults["function-memory-size"], Is.EqualTo("512"));
        Assert.That(defaults["something-new"], Is.EqualTo("true"));
        Assert.That(defaults["Information"], Is.Null);
        Assert.That(defaults.RuntimeIdentifier, Is.EqualTo("linux-arm64"));
    }

    [TestCase("x86_64", "linux-x64")]
    [TestCase("arm64", "linux-arm64")]
    public void An_architecture_is_a_runtime_identifier(string architecture, string rid) =>
        Assert.That(Read($$"""{"function-architecture":"{{architecture}}"}""").RuntimeIdentifier, Is.EqualTo(rid));

    [Test]
    public void Empty_values_count_as_missing()
    {
        var defaults = Read("""{"region":"","function-architecture":""}""");

        Assert.That(defaults["region"], Is.Null);
        Assert.That(defaults.RuntimeIdentifier, Is.Null);
    }

    [TestCase("a,b", new[] { "a", "b" })]
    [TestCase("App::App.Function::Handle", new[] { "App::App.Function::Handle" })]
    [TestCase("\"one, two\", three", new[] { "one, two", "three" })]
    public void A_command_is_a_comma_delimited_list(string value, string[] expected) =>
        Assert.That(Read($$"""{"image-command":{{System.Text.Json.JsonSerializer.Serialize(value)}}}""").List("image-command"),
            Is.EqualTo(expected));

    [Test]
    public void Environment_variables_keep_separators_in_quotes()
    {
        var defaults = Read("""{"environment-variables":"\"A\"=\"1;2\";\"B\"=\"x=y\";C=z"}""");

        Assert.That(defaults.Pairs("environment-variables"), Is.EqualTo(new KeyValuePair<string, string>[]
        {
            new("A", "1;2"), new("B", "x=y"), new("C", "z"),
        }));
    }

    [Test]
    public void Broken_JSON_is_refused_with_its_line() =>
        Refused.With("LLC2305", () => Read("{\n  \"region\": \"eu-central-1\"\n  \"profile\": \"dev\"\n}"), "line 3");

    [TestCase("[]")]
    [TestCase("\"text\"")]
    public void Something_other_than_an_object_is_refused(string json) => Refused.With("LLC2305", () => Read(json), "line 1");

    [TestCase("function-architecture", "\"x64\"", "x86_64 or arm64")]
    [TestCase("function-memory-size", "\"much\"", "a whole number")]
    public void Values_that_cannot_be_meant_are_refused(string key, string value, string takes) =>
        Refused.With("LLC2306", () => Read($$"""{"{{key}}":{{value}}}"""), takes);

    [Test]
    public void A_pair_without_a_value_is_refused() =>
        Refused.With("LLC2306", () => Read("""{"environment-variables":"A"}""").Pairs("environment-variables"), "name1");

    private ToolsDefaults Read(string json) => ToolsDefaults.Read(_root.Write(ToolsDefaults.FileName, json));
}
