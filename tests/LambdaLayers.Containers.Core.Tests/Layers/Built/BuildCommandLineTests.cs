using LambdaLayers.Containers.Core.Layers.Built;

namespace LambdaLayers.Containers.Core.Tests.Layers.Built;

public sealed class BuildCommandLineTests
{
    [TestCase("make install", "/o", "make install")]
    [TestCase("pip -t {output}/python", "/home/me/obj/x", "pip -t /home/me/obj/x/python")]
    [TestCase("cp a {output} && cp b {output}", "/o", "cp a /o && cp b /o")]
    [TestCase("cp a {output}/b", "/my home/it's", "cp a '/my home/it'\\''s'/b")]
    [TestCase("cp a \"{output}/b\"", "/my home", "cp a \"/my home/b\"")]
    [TestCase("cp a '{output}/b'", "/my home", "cp a '/my home/b'")]
    [TestCase("echo \\\" && cp a {output}", "/my home", "echo \\\" && cp a '/my home'")]
    [TestCase("echo \"it's\" {output}", "/my home", "echo \"it's\" '/my home'")]
    public void The_output_folder_is_quoted_for_a_POSIX_shell_where_it_needs_it(
        string command, string output, string expected)
    {
        Assert.That(BuildCommandLine.Fill(command, output, windows: false), Is.EqualTo(expected));
    }

    [TestCase(@"copy a {output}\b", @"C:\obj\x", @"copy a C:\obj\x\b")]
    [TestCase(@"copy a {output}\b", @"C:\Me & You", @"copy a ""C:\Me & You""\b")]
    [TestCase(@"copy a ""{output}\b""", @"C:\Me & You", @"copy a ""C:\Me & You\b""")]
    [TestCase(@"echo it's {output}", @"C:\Me You", @"echo it's ""C:\Me You""")]
    public void The_output_folder_is_quoted_for_cmd_where_it_needs_it(string command, string output, string expected)
    {
        Assert.That(BuildCommandLine.Fill(command, output, windows: true), Is.EqualTo(expected));
    }
}
