using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class ModeRulesTests
{
    private static readonly FileSignature Elf = new("x64", false, false);
    private static readonly FileSignature Script = new(null, true, false);

    [TestCase("600", "644")]
    [TestCase("744", "744")]
    [TestCase("654", "654")]
    [TestCase("700", "744")]
    [TestCase("7755", "755")]
    [TestCase("4711", "755")]
    [TestCase("0", "444")]
    [TestCase("666", "666")]
    public void A_file_keeps_its_mode_and_all_can_read_it(string mode, string expected)
    {
        Assert.That(Of("opt/lib/x", EntryKind.File, mode), Is.EqualTo(expected));
    }

    [TestCase("700", "755")]
    [TestCase("0", "555")]
    [TestCase("1777", "777")]
    [TestCase(null, "755")]
    public void All_can_enter_every_folder(string? mode, string expected)
    {
        Assert.That(Of("opt/lib", EntryKind.Directory, mode), Is.EqualTo(expected));
    }

    [TestCase("opt/extensions/agent", "600", "755")]
    [TestCase("opt/extensions/agent", "777", "755")]
    [TestCase("opt/extensions/agent", null, "755")]
    [TestCase("opt/extensions/lib/agent.json", "600", "644")]
    [TestCase("opt/tools/extensions/agent", "600", "644")]
    public void Only_what_Lambda_starts_is_made_executable_against_its_mode(string path, string? mode, string expected)
    {
        Assert.That(Of(path, EntryKind.File, mode), Is.EqualTo(expected));
    }

    [TestCase("opt/bin/tool", "755")]
    [TestCase("opt/x/bin/y/tool", "755")]
    [TestCase("opt/extensions/lib/agent", "755")]
    [TestCase("opt/bootstrap", "755")]
    [TestCase("opt/x/bootstrap", "644")]
    [TestCase("opt/binaries/tool", "644")]
    [TestCase("opt/bin", "644")]
    [TestCase("opt/lib/data", "644")]
    public void Without_a_mode_the_place_decides(string path, string expected)
    {
        Assert.That(Of(path, EntryKind.File, null), Is.EqualTo(expected));
    }

    [Test]
    public void Without_a_mode_programs_and_scripts_are_executable()
    {
        Assert.That(Of("opt/lib/x", EntryKind.File, null, Elf), Is.EqualTo("755"));
        Assert.That(Of("opt/lib/x", EntryKind.File, null, Script), Is.EqualTo("755"));
        Assert.That(Of("opt/lib/x", EntryKind.File, "644", Elf), Is.EqualTo("644"));
    }

    [Test]
    public void A_symbolic_link_shows_the_mode_that_Linux_shows()
    {
        Assert.That(Of("opt/extensions/x", EntryKind.SymbolicLink, "600"), Is.EqualTo("777"));
    }

    private static string Of(string path, EntryKind kind, string? mode, FileSignature signature = default)
    {
        var entry = new LayerEntry(path, kind) { Mode = mode is null ? null : Convert.ToInt32(mode, 8) };
        return Convert.ToString(ModeRules.Of(entry, signature), 8);
    }
}
