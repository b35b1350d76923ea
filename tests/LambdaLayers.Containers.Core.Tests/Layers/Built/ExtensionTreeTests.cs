using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers.Built;

public sealed class ExtensionTreeTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void A_single_program_is_the_extension_itself()
    {
        Publish("My.Audit");

        var entries = Entries(new ExtensionDescription("My.Audit", SelfContained: true, Native: false));

        Assert.That(entries.Keys, Is.EqualTo(new[] { "extensions/My.Audit" }));
        Assert.That(entries["extensions/My.Audit"].Mode, Is.EqualTo(Convert.ToInt32("755", 8)));
    }

    [Test]
    public void The_symbols_of_a_native_program_are_left_out()
    {
        Publish("Audit", "Audit.dbg", "Lib.pdb");

        var entries = Entries(new ExtensionDescription("Audit", SelfContained: true, Native: true));

        Assert.That(entries.Keys, Is.EqualTo(new[] { "extensions/Audit" }));
    }

    [Test]
    public void A_self_contained_program_gets_a_launcher_and_a_folder()
    {
        Publish("Audit", "Audit.dll", "libcoreclr.so", "de/Audit.resources.dll");

        var entries = Entries(new ExtensionDescription("Audit", SelfContained: true, Native: false));

        Assert.That(entries.Keys, Is.EquivalentTo(new[]
        {
            "Audit/Audit", "Audit/Audit.dll", "Audit/de", "Audit/de/Audit.resources.dll", "Audit/libcoreclr.so",
            "extensions/Audit",
        }));
        Assert.That(Text(entries["extensions/Audit"]), Is.EqualTo("#!/bin/sh\nexec \"${0%/*}\"/../Audit/Audit \"$@\"\n"));
    }

    [Test]
    public void A_framework_dependent_program_is_launched_by_dotnet()
    {
        Publish("Audit", "Audit.dll", "Audit.runtimeconfig.json");

        var entries = Entries(new ExtensionDescription("Audit", SelfContained: false, Native: false));

        Assert.That(
            Text(entries["extensions/Audit"]), Is.EqualTo("#!/bin/sh\nexec dotnet \"${0%/*}\"/../Audit/Audit.dll \"$@\"\n"));
    }

    [Test]
    public void A_single_file_program_with_files_beside_it_is_launched()
    {
        Publish("Audit", "appsettings.json");

        var entries = Entries(new ExtensionDescription("Audit", SelfContained: false, Native: false));

        Assert.That(entries.Keys, Is.EquivalentTo(new[] { "Audit/Audit", "Audit/appsettings.json", "extensions/Audit" }));
        Assert.That(Text(entries["extensions/Audit"]), Does.Contain("/../Audit/Audit "));
    }

    [Test]
    public void Modes_of_this_machine_do_not_count()
    {
        Publish("Audit", "Audit.dll");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_root.Path, "Audit.dll"), (UnixFileMode)Convert.ToInt32("744", 8));

        var entries = Entries(new ExtensionDescription("Audit", SelfContained: true, Native: false));

        Assert.That(entries["Audit/Audit.dll"].Mode, Is.Null);
    }

    [Test]
    public void A_name_that_a_shell_would_take_apart_is_quoted()
    {
        Publish("My Audit", "My Audit.dll");

        var entries = Entries(new ExtensionDescription("My Audit", SelfContained: true, Native: false));

        Assert.That(Text(entries["extensions/My Audit"]), Does.Contain("exec \"${0%/*}\"/../'My Audit'/'My Audit' \"$@\""));
    }

    [Test]
    public void Nothing_to_start_is_an_error()
    {
        Publish("Other", "Other.dll");

        var error = Assert.Throws<LayersException>(
            () => ExtensionTree.Open(_root.Path, new ExtensionDescription("Audit", SelfContained: true, Native: false)))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2404"));
    }

    private void Publish(params string[] files)
    {
        foreach (var file in files)
            _root.Write(file, file);
    }

    private Dictionary<string, LayerEntry> Entries(ExtensionDescription extension)
    {
        using var tree = ExtensionTree.Open(_root.Path, extension);
        return tree.Entries.ToDictionary(e => e.Path);
    }

    private static string Text(LayerEntry entry)
    {
        using var reader = new StreamReader(entry.Open!());
        return reader.ReadToEnd();
    }
}
