using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests.Extensions;

/// <summary>A BuildCommand fills a layer: when its inputs change, into an empty folder, and never half.</summary>
public sealed class BuiltLayerStories
{
    private ExtensionSandbox _sandbox = null!;

    [SetUp]
    public async Task SetUp()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("The commands are for a POSIX shell.");
        _sandbox = await ExtensionSandbox.CreateAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
    }

    [Test]
    public async Task It_runs_when_an_input_or_the_command_changed_and_only_then()
    {
        var project = await WriteAsync("BuildInputs=\"in/**/*.txt\"", "cat in/a/*.txt > {output}/all.txt &amp;&amp; echo ran >> runs.log");
        _sandbox.Dotnet.Write("src/Fn/in/a/1.txt", "one");
        await PublishAsync(project);
        await PublishAsync(project);
        var unchanged = Runs();

        _sandbox.Dotnet.Write("src/Fn/in/a/2.txt", "two");
        await PublishAsync(project);
        var changed = Runs();
        await WriteAsync("BuildInputs=\"in/**/*.txt\"", "cat in/a/*.txt > {output}/other.txt &amp;&amp; echo ran >> runs.log");
        await PublishAsync(project);

        var layer = (await _sandbox.ItemLayersAsync("fn", "1")).Single();
        Assert.That(new[] { unchanged, changed, Runs() }, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(layer.Files, Is.EqualTo(new[] { "opt/other.txt" }), "the folder was empty");
        Assert.That(layer.Text("opt/other.txt"), Is.EqualTo("onetwo"));
    }

    [Test]
    public async Task It_knows_its_folder_and_architecture_and_starts_in_the_project()
    {
        var project = await WriteAsync(
            "BuildInputs=\"Fn.csproj\"",
            "cd / &amp;&amp; echo $LAMBDA_LAYER_ARCHITECTURE > \"$LAMBDA_LAYER_OUTPUT/arch\" &amp;&amp; cd - &amp;&amp; pwd > {output}/pwd");

        (await _sandbox.PublishAsync(project, "-t:PublishContainer", "-p:RuntimeIdentifiers=\"linux-x64;linux-arm64\""))
            .EnsureSucceeded();

        var layer = (await _sandbox.ItemLayersAsync("fn", "1", "arm64")).Single();
        Assert.That(layer.Text("opt/arch"), Is.EqualTo("arm64\n"));
        Assert.That(layer.Text("opt/pwd").Trim(), Is.EqualTo(Path.GetDirectoryName(project)));
    }

    [Test]
    public async Task A_failing_command_is_one_error_and_the_next_publish_runs_it_again()
    {
        var project = await WriteAsync(
            "BuildInputs=\"broken.txt\"",
            "echo half > {output}/half; if grep -q yes broken.txt; then echo working; echo cannot build 1>&amp;2; exit 7; fi");
        _sandbox.Dotnet.Write("src/Fn/broken.txt", "yes");

        var failed = await _sandbox.MakeImageAsync(project);
        var again = await _sandbox.MakeImageAsync(project);
        _sandbox.Dotnet.Write("src/Fn/broken.txt", "no");
        var mended = await _sandbox.MakeImageAsync(project);

        foreach (var result in new[] { failed, again })
        {
            Assert.That(result.ExitCode, Is.Not.Zero);
            Assert.That(result.Output, Does.Contain("error LLC2412: LambdaLayer 'tools': ").And.Match("exit code 7: .*cannot build"));
            Assert.That(result.Output, Does.Contain("working"), "what it printed before");
            Assert.That(result.Output, Does.Not.Contain("MSB"));
        }

        mended.EnsureSucceeded();
    }

    [Test]
    public async Task Without_BuildInputs_it_runs_every_time()
    {
        var project = await WriteAsync("", "echo a > {output}/a; echo ran >> runs.log");

        await PublishAsync(project);
        await PublishAsync(project);

        Assert.That(Runs(), Is.EqualTo(2));
    }

    [TestCase("BuildInputs=\"missing.txt\"", "echo a > {output}/a", "LLC2411")]
    [TestCase("BuildInputs=\"Fn.csproj\"", "echo nothing", "LLC2413")]
    public async Task What_cannot_be_meant_is_one_error(string metadata, string command, string code)
    {
        var result = await _sandbox.MakeImageAsync(await WriteAsync(metadata, command));

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Output, Does.Contain($"error {code}: LambdaLayer 'tools': "));
    }

    [Test]
    public async Task A_plain_build_runs_no_command()
    {
        var project = await WriteAsync("", "echo a > {output}/a; echo ran >> runs.log");

        (await _sandbox.Dotnet.BuildAsync(project)).EnsureSucceeded();

        Assert.That(Runs(), Is.Zero);
    }

    private Task<string> WriteAsync(string metadata, string command) =>
        _sandbox.WriteBuiltFunctionAsync($"""<LambdaLayer Include="tools" {metadata} BuildCommand="{command.Replace("\"", "&quot;", StringComparison.Ordinal)}" />""");

    private async Task<DotnetResult> PublishAsync(string project) =>
        (await _sandbox.MakeImageAsync(project)).EnsureSucceeded();

    private int Runs()
    {
        var log = _sandbox.Dotnet.File("src", "Fn", "runs.log");
        return File.Exists(log) ? File.ReadAllLines(log).Length : 0;
    }
}
