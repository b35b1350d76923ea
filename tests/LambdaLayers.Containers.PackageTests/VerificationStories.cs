using System.Text.Json.Nodes;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>
/// What Lambda would refuse, and what nobody may see, is told before anything is pushed, and the usual means of MSBuild say how bad it
/// is. One project, built once; a property plants what a story is about.
/// </summary>
public sealed class VerificationStories
{
    // Random, and nobody's.
    private const string Secret = "q7Vb2mZ/kXw9Ht+RfC4yLsD1NpGe8JaUo3Ti5QxM";

    // Read from a file, so that the binary log has it only where it has every label and variable.
    private const string SecretOfFile = "$([System.IO.File]::ReadAllText('$(MSBuildProjectDirectory)/secret.txt'))";

    private DotnetSandbox _sandbox = null!;
    private EmbeddedRegistry _registry = null!;
    private string _project = "";

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _registry = await EmbeddedRegistry.StartAsync();
        using (var pusher = new RegistryPusher(_registry.Uncounted))
            await pusher.PushAsync("lambda/dotnet", "10", SyntheticBase.Documented(dotnet: true));
        _sandbox.Environment["AWS_SECRET_ACCESS_KEY"] = Secret;
        _sandbox.Write("src/Fn/secret.txt", Secret);
        _sandbox.Write("src/Fn/secret.json", $"{{ \"key\": \"{Secret}\" }}");
        _sandbox.WriteZip("Fn", "secret.zip", "settings.ini", $"key={Secret}\n");
        // An error and a warning.
        File.WriteAllBytes(_sandbox.File("src", "Fn", "broken.zip"), new ZipBuilder()
            .File("extensions/agent", "#!/bin/sh\r\nexit 0\r\n").File("lib/.env", "API_KEY=abcdef0123\n").Build());
        _project = new FunctionProject
        {
            Properties = $"""
                <ContainerRegistry>{_registry.Host}</ContainerRegistry>
                <ContainerBaseImage>{_registry.Host}/lambda/dotnet:10</ContainerBaseImage>
                <ContainerAppCommandInstruction>None</ContainerAppCommandInstruction>
                <ContainerWorkingDirectory>/var/task</ContainerWorkingDirectory>
                """,
            Items = $"""
                <ContainerDefaultArgs Include="Fn" />
                <LambdaLayer Include="secret.zip" Condition="'$(Plant)' == 'layer'" />
                <LambdaLayer Include="broken.zip" Condition="'$(Plant)' == 'broken'" />
                <ContainerLabel Include="note" Value="{SecretOfFile}" Condition="'$(Plant)' == 'label'" />
                <ContainerEnvironmentVariable Include="KEY" Value="{SecretOfFile}" Condition="'$(Plant)' == 'variable'" />
                <None Update="secret.*" CopyToPublishDirectory="Never" />
                <None Update="secret.json" CopyToPublishDirectory="Always" Condition="'$(Plant)' == 'file'" />
                """,
        }.Write(_sandbox);
        (await _sandbox.BuildAsync(_project, "-c", "Release")).EnsureSucceeded();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _registry.DisposeAsync();
        _sandbox.Dispose();
    }

    [TestCase("layer", "/opt/settings.ini")]
    [TestCase("file", "/var/task/secret.json")]
    [TestCase("label", "label 'note'")]
    [TestCase("variable", "variable KEY")]
    public async Task A_live_credential_stops_the_push_in_a(string plant, string place)
    {
        var result = await PublishAsync(plant, plant, "-v:diag");

        var log = BuildLog.Of(result);
        Assert.That(result.Succeeded, Is.False);
        Assert.That(log.Errors.Select(error => error.Code), Is.EqualTo(new[] { "LLC3570" }), result.Output);
        Assert.That(log.Errors[0].Text, Does.Contain(place).And.Contain("AWS_SECRET_ACCESS_KEY").And.Not.Contain(Secret[..8]));
        Assert.That(_registry.Storage.Tags(plant), Is.Empty);
        Assert.That(_registry.UploadedBlobs(plant), Is.Zero);
        if (plant is "layer" or "file")
        {
            // What the user says in a property MSBuild shows by itself.
            Assert.That(result.Output, Does.Not.Contain(Secret[..8]));
            Assert.That(BuildLog.Raw(result.BinlogPath!), Does.Contain(place).And.Not.Contain(Secret[..8]));
        }
    }

    [Test]
    public async Task The_project_decides_how_bad_a_finding_is()
    {
        var usual = BuildLog.Of(await PublishAsync("broken", "usual"));
        var milder = BuildLog.Of((await PublishAsync(
            "broken", "milder", "-p:LambdaVerifyAsWarning=LLC3524", "-p:NoWarn=LLC3574")).EnsureSucceeded());
        var worse = BuildLog.Of(await PublishAsync(
            "broken", "worse", "-p:LambdaVerifyAsWarning=LLC3524", "-p:WarningsAsErrors=LLC3574"));
        var none = BuildLog.Of((await PublishAsync("broken", "none", "-p:LambdaVerify=false")).EnsureSucceeded());

        // LLC3101 is what packing already says of the layer.
        Assert.That(Told(usual), Is.EqualTo("errors LLC3524, warnings LLC3101 LLC3574"));
        Assert.That(usual.Errors[0].Text, Does.Contain("/opt/extensions/agent").And.Contain("https://"), "with the rule's source");
        Assert.That(Told(milder), Is.EqualTo("errors , warnings LLC3101 LLC3524"));
        Assert.That(Told(worse), Is.EqualTo("errors LLC3574, warnings LLC3101 LLC3524"));
        Assert.That(Told(none), Is.EqualTo("errors , warnings LLC3101"));
        Assert.That(
            ((string[])["usual", "milder", "worse", "none"]).Where(name => _registry.Storage.Tags(name).Count > 0),
            Is.EqualTo(new[] { "milder", "none" }), "what was pushed");
    }

    [Test]
    public async Task An_image_in_a_registry_and_one_in_an_archive_are_verified_on_demand()
    {
        (await PublishAsync("", "sound")).EnsureSucceeded();
        var archive = _sandbox.File("broken.tar");
        (await PublishAsync("broken", "", "-p:LambdaVerify=false", $"-p:ContainerArchiveOutputPath={archive}")).EnsureSucceeded();
        var report = _sandbox.File("reports", "findings.sarif");

        var sound = await VerifyAsync($"docker://{_registry.Host}/sound:1");
        var broken = await VerifyAsync(archive, $"-p:LambdaVerifyReport={report}");
        var missing = await VerifyAsync($"{_registry.Host}/nothing:1");

        Assert.That(sound.ExitCode, Is.Zero, sound.Output);
        Assert.That(sound.Output, Does.Contain("sound:1: nothing in it that Lambda is known to refuse"));
        Assert.That(broken.ExitCode, Is.EqualTo(1));
        Assert.That(Told(BuildLog.Of(broken)), Is.EqualTo("errors LLC3524, warnings LLC3574"));
        Assert.That(missing.ExitCode, Is.EqualTo(1));
        Assert.That(BuildLog.Of(missing).Errors.Select(error => error.Code), Is.All.StartsWith("LLC1"));
        var run = JsonNode.Parse(await File.ReadAllTextAsync(report))!["runs"]![0]!;
        Assert.That(
            run["results"]!.AsArray().Select(result => $"{result!["ruleId"]} {result["level"]}"),
            Is.EqualTo(new[] { "LLC3524 error", "LLC3574 warning" }));
    }

    [Test]
    public async Task An_image_that_a_Dockerfile_made_is_verified_on_demand()
    {
        var buildah = Tools.Require("buildah");
        using var root = new TempRoot();
        root.Write("context/agent", "#!/usr/bin/ruby\n");
        root.Write("context/settings", $"key={Secret}\n");
        var file = root.Write("context/Dockerfile", $"""
            FROM {_registry.Host}/lambda/dotnet:10
            COPY --chmod=0755 agent /opt/extensions/agent
            COPY --chmod=0600 settings /var/task/settings
            CMD ["Missing::Missing.Function::Handle"]

            """);
        string[] storage = ["--storage-driver", "vfs", "--root", root.Folder("storage"), "--runroot", root.Folder("run")];
        await ToolRunner.RunAsync(buildah,
            [.. storage, "bud", "--isolation", "chroot", "--tls-verify=false", "-f", file, "-t", "localhost/made", root.Folder("context")]);
        await ToolRunner.RunAsync(buildah, [.. storage, "push", "localhost/made", $"oci-archive:{root.File("made.tar")}"]);

        var result = await VerifyAsync(root.File("made.tar"));

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(
            BuildLog.Of(result).Errors.Select(error => error.Code).Distinct(),
            Is.EqualTo(new[] { "LLC3514", "LLC3523", "LLC3540", "LLC3543", "LLC3570" }), result.Output);
        Assert.That(result.Output, Does.Contain("/usr/bin/ruby").And.Contain("Missing::Missing.Function::Handle").And.Not.Contain(Secret[..8]));
    }

    private Task<DotnetResult> PublishAsync(string plant, string repository, params string[] arguments) => _sandbox.PublishAsync(
        _project, ["--no-build", "-t:PublishContainer", $"-p:Plant={plant}", .. repository.Length > 0
            ? [$"-p:ContainerRepository={repository}"] : Array.Empty<string>(), .. arguments]);

    private Task<DotnetResult> VerifyAsync(string image, params string[] arguments) =>
        _sandbox.MSBuildAsync(_project, ["-t:VerifyLambdaImage", $"-p:LambdaImage={image}", .. arguments]);

    private static string Told(BuildLog log) =>
        $"errors {string.Join(' ', log.Errors.Select(e => e.Code))}, warnings {string.Join(' ', log.OwnWarnings.Select(w => w.Code))}";
}
