using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Images.Functions;

/// <summary>Who starts whom, when a function has wrapper scripts: the generated scripts are run by this machine's shell.</summary>
public sealed class ExecWrapperTests
{
    private static readonly FunctionSettings Two = new("Fn") { ExecWrappers = ["/opt/a", "/opt/it's b"] };

    [TestCase(null, new string[0])]
    [TestCase(" /opt/a ;; /opt/b ", new[] { "/opt/a", "/opt/b" })]
    public void The_property_is_a_list(string? text, string[] paths) => Assert.That(ExecWrapper.Parse(text), Is.EqualTo(paths));

    [TestCase("opt/a")]
    [TestCase("/opt/")]
    [TestCase("/opt/a;wrapper.sh")]
    public void What_is_no_path_is_refused(string text) =>
        Assert.That(Assert.Throws<LayersException>(() => ExecWrapper.Parse(text))!.Diagnostic.Code, Is.EqualTo("LLC2337"));

    [Test]
    public void One_wrapper_on_a_languages_base_needs_no_script()
    {
        var function = Two with { ExecWrappers = ["/opt/a"] };

        Assert.That(ExecWrapper.Scripts(function, FunctionImages.Dotnet.Config), Is.Empty);
        Assert.That(Variable(function, FunctionImages.Dotnet), Is.EqualTo("/opt/a"));
        Assert.That(ExecWrapper.Apply(function, FunctionImages.Dotnet.Config, FunctionImages.Dotnet.Config).EntryPoint,
            Is.EqualTo(["/lambda-entrypoint.sh"]));
    }

    [Test]
    public async Task Several_are_chained_in_their_order()
    {
        using var root = new TempRoot();
        var function = Two with { ExecWrappers = [Wrapper(root, "a"), Wrapper(root, "it's b")] };
        var script = ExecWrapper.Scripts(function, FunctionImages.Dotnet.Config).Single();

        var output = await RunAsync(Save(root, script), "sh", "-c", "echo \"$0 $ORDER\"", "runtime");

        Assert.That(Variable(function, FunctionImages.Dotnet), Is.EqualTo($"{ExecWrapper.Folder}/{script.Path}"));
        Assert.That(output, Is.EqualTo("runtime .a.it's b\n"));
    }

    [Test]
    public async Task A_generated_bootstrap_starts_the_program_through_the_variable_if_there_is_one()
    {
        using var root = new TempRoot();
        var program = ShellScript.Write(root, "program", "echo \"program $* $ORDER\"");
        var bootstrap = Save(root, ExecWrapper.Bootstrap("bootstrap", program));

        Assert.That(await RunAsync(bootstrap, "x y"), Is.EqualTo("program x y \n"));
        Assert.That(await RunAsync(bootstrap, [], (ExecWrapper.Variable, Wrapper(root, "a"))), Is.EqualTo("program  .a\n"));
        Assert.That((await ToolRunner.RunAsync(
            new ToolCommand(bootstrap, [])
            {
                Environment = new Dictionary<string, string?> { [ExecWrapper.Variable] = "/missing" },
                ExpectedExitCodes = [],
            },
            default)).ExitCode,
            Is.EqualTo(127), "as AWS's own bootstraps say it");
    }

    [Test]
    public void An_image_that_is_not_AWSs_is_started_through_the_launcher()
    {
        var @base = FunctionImages.Base("/app/run", "PATH=/bin");
        var run = @base.Config.WithCommand(["serve"]);

        var config = ExecWrapper.Apply(Two, @base.Config, run);

        Assert.That(ExecWrapper.Scripts(Two, @base.Config).Select(e => $"{ExecWrapper.Folder}/{e.Path}"), Has.Member(ExecWrapper.Launcher));
        Assert.That(config.EntryPoint, Is.EqualTo([ExecWrapper.Launcher, "/app/run"]));
        Assert.That(config.Command, Is.EqualTo(["serve"]));
        Assert.That(ExecWrapper.Apply(new FunctionSettings("Fn"), @base.Config, run), Is.SameAs(run), "without wrappers nothing changes");
    }

    [Test]
    public void The_same_wrappers_give_the_same_scripts_on_every_system()
    {
        foreach (var script in ExecWrapper.Scripts(Two, FunctionImages.Debian.Config))
            Assert.That(Text(script), Does.Not.Contain("\r").And.StartWith("#!/bin/sh\n"));
        Assert.That(Text(ExecWrapper.Scripts(Two, FunctionImages.Dotnet.Config)[0]),
            Is.EqualTo("#!/bin/sh\nexec /opt/a '/opt/it'\\''s b' \"$@\"\n"));
    }

    private static string? Variable(FunctionSettings function, Image @base) =>
        LayerEnvironment.For(@base.Config, Platform.LinuxAmd64, [], function.ExecWrappers).GetValueOrDefault(ExecWrapper.Variable);

    // Tells that it was here, and goes on.
    private static string Wrapper(TempRoot root, string name) =>
        ShellScript.Write(root, $"wrappers/{name}", $"export ORDER=\"$ORDER.{name}\"\nexec \"$@\"");

    private static string Save(TempRoot root, LayerEntry script)
    {
        Assert.That(script.Mode, Is.EqualTo(0b111_101_101));
        return ShellScript.Write(root, script.Path, Text(script)["#!/bin/sh\n".Length..]);
    }

    private static string Text(LayerEntry script)
    {
        using var reader = new StreamReader(script.Open!());
        return reader.ReadToEnd();
    }

    private static Task<string> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, ("UNUSED", ""));

    private static async Task<string> RunAsync(string program, string[] arguments, (string Name, string Value) variable)
    {
        var command = new ToolCommand(program, arguments)
        {
            Environment = new Dictionary<string, string?> { [variable.Name] = variable.Value },
        };
        return (await ToolRunner.RunAsync(command, CancellationToken.None)).StandardOutput;
    }
}
