using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.PackageTests.Deployment;

/// <summary>Story: publish pushes to ECR with nothing but AWS credentials.</summary>
public sealed class PushToEcr
{
    private const string SingleArchitecture = "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>false</SelfContained>";

    [Test]
    public async Task A_push_needs_only_AWS_credentials_and_creates_the_repository_that_it_was_told_to_create()
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture);

        var result = await story.PublishAsync(
            "-p:EcrCreateRepository=true", "-p:EcrScanOnPush=true", "-p:EcrRepositoryTags=team=shop%3Bstage=prod");

        result.EnsureSucceeded();
        Assert.That(story.Registry.Find("shop", "latest"), Is.Not.Null);
        Assert.That(
            story.Aws.Ecr.Find("shop")!.Settings.ToJsonString(),
            Does.Contain("\"scanOnPush\":true").And.Contain("""{"Key":"team","Value":"shop"}"""));
    }

    [TestCase("123456789012.dkr-ecr.us-east-1.on.aws")]
    [TestCase("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com")]
    [TestCase("public.ecr.aws", "team/shop")]
    public async Task Every_form_of_an_ECR_host_is_signed_in_to(string host, string repository = "shop")
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture, host);
        story.Aws.Ecr.Add(repository);

        var result = await story.PublishAsync($"-p:ContainerRegistry={host}", $"-p:ContainerRepository={repository}");

        result.EnsureSucceeded();
        Assert.That(story.Registry.Find(repository, "latest"), Is.Not.Null);
    }

    [Test]
    public async Task A_missing_repository_fails_before_any_layer_or_blob_moves()
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture);

        var result = await story.PublishAsync();

        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.Output, Does.Contain("LLC1210").And.Contain("EcrCreateRepository")
            .And.Contain("aws ecr create-repository --region us-east-1 --repository-name shop"));
        Assert.That(story.Registry.Inner.Requests, Is.Empty);
        Assert.That(story.Bases.Requests, Is.Empty);
    }

    [Test]
    public async Task The_token_is_nowhere_but_in_the_requests()
    {
        await using var story = await EcrStory.StartAsync(SingleArchitecture);
        story.Aws.Ecr.Add("shop");
        var (seen, docker) = (story.Sandbox.File("seen.txt"), story.Sandbox.File("docker.txt"));
        // The SDK asks docker whether a registry is insecure, in the middle of a push: it never pushes to a real one.
        story.Sandbox.Write("path/docker", $"#!/bin/sh\nenv >> {docker}\nexit 1\n");
        await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("chmod"), ["+x", story.Sandbox.File("path", "docker")]), CancellationToken.None);
        story.Sandbox.Environment["PATH"] = $"{story.Sandbox.File("path")}:{story.Sandbox.Environment["PATH"]}";

        // What processes see that the build starts after the base is staged, and after the push.
        var targets = story.Sandbox.Write("env.targets", $"""
            <Project>
              <Target Name="ShowBefore" AfterTargets="_LambdaLayersStageImage"><Exec Command="env &gt;&gt; {seen}" /></Target>
              <Target Name="ShowAfter" AfterTargets="_LambdaLayersPublishImage"><Exec Command="env &gt;&gt; {seen}" /></Target>
            </Project>
            """);

        var result = await story.PublishAsync("-v:diag", $"-p:CustomAfterMicrosoftCommonTargets={targets}");

        result.EnsureSucceeded();
        Assert.That(File.ReadAllLines(seen).Count(line => line.StartsWith("PATH=", StringComparison.Ordinal)), Is.EqualTo(2));
        var secrets = Secrets(story).ToList();
        Assert.That(secrets, Is.Not.Empty);
        Assert.That(File.Exists(docker), Is.False, "docker was started by the push");
        Assert.That(secrets.Where(result.Output.Contains), Is.Empty);
        Assert.That(FilesWith(story.Sandbox.Path, secrets), Is.Empty);
    }

    [Test]
    public async Task A_push_for_two_architectures_signs_every_image_and_the_index_in()
    {
        await using var story = await EcrStory.StartIndexAsync();
        story.Aws.Ecr.Add("shop");

        var result = await story.PublishAsync("-m:2");

        result.EnsureSucceeded();
        Assert.That(story.Registry.Find("shop", "latest")?.IsIndex, Is.True);
        Assert.That(story.Registry.Find("shop", "latest-linux-arm64")?.IsIndex, Is.False);
    }

    private static IEnumerable<string> Secrets(EcrStory story) => story.Aws.Ecr.Passwords.SelectMany(password => new[]
    {
        password,
        Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes("AWS:" + password)),
    });

    private static IEnumerable<string> FilesWith(string folder, IReadOnlyCollection<string> secrets) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => secrets.Any(Texts(file).Contains));

    private static string Texts(string file)
    {
        if (file.EndsWith(".binlog", StringComparison.Ordinal))
            return BuildLog.Raw(file);
        using var stream = File.Open(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
