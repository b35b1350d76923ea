using System.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers.Built;

public sealed class BuildCommandLineTests
{
    [TestCase("make install", "make install")]
    [TestCase("pip -t {output}/python", "pip -t \"${LAMBDA_LAYER_OUTPUT}\"/python")]
    [TestCase("cp a \"{output}/b\"", "cp a \"${LAMBDA_LAYER_OUTPUT}/b\"")]
    [TestCase("cp a '{output}/b'", "cp a ''\"${LAMBDA_LAYER_OUTPUT}\"'/b'")]
    [TestCase("echo \\\" && cp a {output}", "echo \\\" && cp a \"${LAMBDA_LAYER_OUTPUT}\"")]
    [TestCase("echo \"it's\" {output}", "echo \"it's\" \"${LAMBDA_LAYER_OUTPUT}\"")]
    public void The_folder_is_a_quoted_variable_of_a_POSIX_shell(string command, string expected)
    {
        Assert.That(BuildCommandLine.Fill(command, windows: false), Is.EqualTo(expected));
    }

    [TestCase(@"copy a {output}\b", @"copy a ""%LAMBDA_LAYER_OUTPUT%""\b")]
    [TestCase(@"copy a ""{output}\b""", @"copy a ""%LAMBDA_LAYER_OUTPUT%\b""")]
    [TestCase(@"echo it's {output}", @"echo it's ""%LAMBDA_LAYER_OUTPUT%""")]
    public void The_folder_is_a_quoted_variable_of_cmd(string command, string expected)
    {
        Assert.That(BuildCommandLine.Fill(command, windows: true), Is.EqualTo(expected));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_shell_runs_nothing_out_of_the_folders_name(
        [Values("a`touch X`b", "a$(touch X)b", "a'; touch X; 'b", "a\"; touch X; \"b", "a b * $HOME", "a;b&c|d")] string name,
        [Values("cp a {output}/made", "cp a \"{output}/made\"", "cp a '{output}/made'")]
        string command)
    {
        using var root = new TempRoot();
        var output = Directory.CreateDirectory(Path.Combine(root.Path, name)).FullName;
        File.WriteAllText(Path.Combine(root.Path, "a"), "content");

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", BuildCommandLine.Fill(command, windows: false) },
            WorkingDirectory = root.Path,
            Environment = { [BuildCommandLine.OutputVariable] = output },
        })!;
        shell.WaitForExit();

        Assert.That(shell.ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(output, "made")), Is.EqualTo("content"));
        Assert.That(File.Exists(Path.Combine(root.Path, "X")), Is.False);
    }
}
