using System.Formats.Tar;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.Core.Tests.Packing.Rootfs;

public sealed class ImageFileSystemTests
{
    private static TarBuilder Base() => new TarBuilder()
        .Folder("opt/").Folder("opt/a/").File("opt/a/one", "1").File("opt/a/two", "2").File("opt/b", "b").File("etc/x", "x");

    [Test]
    public async Task Takes_what_lies_under_the_path_and_nothing_else()
    {
        var files = await Layered.ListAsync("/opt", Base());

        Assert.That(files, Is.EqualTo(["a/", "a/one: 1", "a/two: 2", "b: b"]));
    }

    [Test]
    public async Task A_whiteout_hides_files_and_folders_of_layers_below()
    {
        var files = await Layered.ListAsync("/opt", Base(), new TarBuilder().File("opt/.wh.b").File("opt/a/.wh.one"));

        Assert.That(files, Is.EqualTo(["a/", "a/two: 2"]));
    }

    [Test]
    public async Task A_whiteout_of_a_folder_hides_all_that_was_in_it()
    {
        var files = await Layered.ListAsync("/opt", Base(), new TarBuilder().File("opt/.wh.a"));

        Assert.That(files, Is.EqualTo(["b: b"]));
    }

    [Test]
    public async Task Whiteouts_only_hide_what_layers_below_brought_wherever_they_stand_in_their_layer()
    {
        var before = await Layered.ListAsync("/opt", Base(), new TarBuilder().File("opt/.wh.a").File("opt/a/new", "n"));
        var after = await Layered.ListAsync("/opt", Base(), new TarBuilder().File("opt/a/new", "n").File("opt/.wh.a"));

        Assert.That(before, Is.EqualTo(["a/", "a/new: n", "b: b"]));
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public async Task An_opaque_folder_keeps_only_what_its_own_layer_brings()
    {
        var nested = new TarBuilder().File("opt/a/deep/old", "o").File("opt/a/deep/er/old", "o");
        var opaque = new TarBuilder().File("opt/a/deep/new", "n").File("opt/a/.wh..wh..opq").File("opt/a/three", "3");

        var files = await Layered.ListAsync("/opt", Base(), nested, opaque);

        Assert.That(files, Is.EqualTo(["a/", "a/deep/", "a/deep/new: n", "a/three: 3", "b: b"]));
    }

    [Test]
    public async Task What_a_whiteout_hid_can_come_back_in_a_later_layer()
    {
        var files = await Layered.ListAsync(
            "/opt", Base(), new TarBuilder().File("opt/.wh.a"), new TarBuilder().File("opt/a/one", "again"));

        Assert.That(files, Is.EqualTo(["a/", "a/one: again", "b: b"]));
    }

    [Test]
    public async Task A_whiteout_of_what_is_not_there_does_nothing()
    {
        var files = await Layered.ListAsync("/opt", new TarBuilder().File("opt/b", "b"),
            new TarBuilder().File("none/.wh.c").File("opt/.wh.c"));

        Assert.That(files, Is.EqualTo(["b: b"]));
    }

    [Test]
    public async Task Files_folders_and_links_replace_each_other()
    {
        var files = await Layered.ListAsync(
            "/opt",
            new TarBuilder().File("opt/f").File("opt/d/in", "in").Link("opt/l", "f").Link("opt/m", "d").Folder("opt/keep/")
                .File("opt/keep/k", "k"),
            new TarBuilder().Folder("opt/f/").File("opt/d", "file").File("opt/l", "was a link").Folder("opt/m/").Folder("opt/keep/"));

        Assert.That(files, Is.EqualTo(["d: file", "f/", "keep/", "keep/k: k", "l: was a link", "m/"]));
    }

    [Test]
    public async Task The_last_of_several_entries_of_a_name_counts()
    {
        var files = await Layered.ListAsync("/opt", new TarBuilder().File("opt/f", "1").File("opt/f", "2"));

        Assert.That(files, Is.EqualTo(["f: 2"]));
    }

    [Test]
    public async Task Hard_links_reach_into_layers_below_and_outside_the_path()
    {
        var files = await Layered.ListAsync(
            "/opt",
            new TarBuilder().File("usr/tool", "tool").File("opt/f", "f"),
            new TarBuilder().HardLink("opt/x", "usr/tool").HardLink("opt/y", "/usr/tool").HardLink("opt/z", "./opt/f"));

        Assert.That(files, Is.EqualTo(["f: f", "x: tool", "y = x", "z = f"]));
    }

    [Test]
    public async Task A_hard_link_keeps_the_content_that_its_file_had()
    {
        var files = await Layered.ListAsync(
            "/opt",
            new TarBuilder().File("opt/a", "old").HardLink("opt/b", "opt/a"),
            new TarBuilder().File("opt/a", "new"),
            new TarBuilder().File("opt/.wh.a"));

        Assert.That(files, Is.EqualTo(["b: old"]));
    }

    [Test]
    public async Task A_hard_link_to_a_symbolic_link_is_that_link()
    {
        var files = await Layered.ListAsync("/opt", new TarBuilder().Link("opt/l", "gone").HardLink("opt/m", "opt/l"));

        Assert.That(files, Is.EqualTo(["l -> gone", "m -> gone"]));
    }

    [Test]
    public async Task Names_may_begin_with_dots_and_slashes()
    {
        var files = await Layered.ListAsync("/opt", new TarBuilder().Folder("./").File("./opt/a", "a").File("/opt/b", "b"));

        Assert.That(files, Is.EqualTo(["a: a", "b: b"]));
    }

    [TestCase("usr/opt")]
    [TestCase("/usr/opt")]
    [TestCase("../../usr/./opt")]
    public async Task The_path_may_lead_through_a_link_inside_the_image(string target)
    {
        var files = await Layered.ListAsync(
            "/opt/sub", new TarBuilder().File("usr/opt/sub/f", "f").Link("opt", target), new TarBuilder().File("opt/sub/g", "g"));

        Assert.That(files, Is.EqualTo(["f: f", "g: g"]));
    }

    [Test]
    public async Task A_path_that_is_a_file_is_taken_under_its_own_name()
    {
        var files = await Layered.ListAsync("/usr/bin/tool", new TarBuilder().File("usr/lib/t", "t").Link("usr/bin/tool", "../lib/t"));

        Assert.That(files, Is.EqualTo(["tool: t"]));
    }

    [Test]
    public async Task Lazy_pull_data_and_leavings_of_aufs_are_no_files()
    {
        var files = await Layered.ListAsync(
            "/opt",
            new TarBuilder().File(".prefetch.landmark").File("opt/f", "f").File("opt/.wh..wh.aufs").File(".wh..wh.plnk/1.2")
                .File("stargz.index.json", "{}"),
            new TarBuilder().File(".no.prefetch.landmark"));

        Assert.That(files, Is.EqualTo(["f: f"]));
    }

    [Test]
    public async Task A_device_is_refused_where_it_would_get_into_the_layer()
    {
        var layer = new TarBuilder().File("opt/f").Special(TarEntryType.CharacterDevice, "dev/null");
        var bad = new TarBuilder().Special(TarEntryType.Fifo, "opt/pipe");

        Assert.That(await Layered.ListAsync("/opt", layer), Is.EqualTo(["f: "]));
        Refused.With("LLC3060", () => Layered.ListAsync("/opt", bad), "'pipe' is a FIFO");
        Refused.With("LLC3060", () => Layered.ListAsync("/dev", layer), "'null' is a character device");
    }

    [Test]
    public void A_hard_link_to_nothing_is_refused() => Refused.With(
        "LLC3062", () => Layered.ListAsync("/opt", new TarBuilder().HardLink("opt/l", "opt/none")), "'opt/none'");

    [Test]
    public void A_name_that_climbs_is_refused_wherever_it_is() => Refused.With(
        "LLC3052", () => Layered.ListAsync("/opt", new TarBuilder().File("opt/f").File("etc/../../x")));

    [Test]
    public async Task Names_are_checked_as_those_of_zips_under_the_path_only()
    {
        var layer = new TarBuilder().File(@"lib/systemd/a\x2db.slice").File(@"opt/a\b");

        Refused.With("LLC3053", () => Layered.ListAsync("/opt", layer));
        Assert.That(await Layered.ListAsync("/opt", new TarBuilder().File(@"lib/a\b").File("opt/f")), Is.EqualTo(["f: "]));
    }

    [Test]
    public void A_file_below_a_file_cannot_be_unpacked() => Refused.With(
        "LLC3201", () => Layered.ListAsync("/opt", new TarBuilder().File("opt/f").File("opt/f/g")), "/opt/f");

    [Test]
    public void Links_in_circles_end()
    {
        var layer = () => new TarBuilder().Link("a", "b").Link("b", "a");

        Refused.With("LLC3200", () => Layered.ListAsync("/a", layer()));
        Refused.With("LLC3201", () => Layered.ListAsync("/a", layer().File("a/x")));
    }

    [Test]
    public void Nothing_under_the_path_says_what_there_is()
    {
        var layer = new TarBuilder().File("asset/extensions/agent").File("etc/passwd").Folder("opt/");

        Refused.With("LLC3200", () => Layered.ListAsync("/opt", layer), "Its root holds /asset, /etc, /opt.");
        Refused.With("LLC3200", () => Layered.ListAsync("/none", layer), "Extensions are in /asset/extensions.");
        Refused.With("LLC3200", () => Layered.ListAsync("/opt", layer), "SourcePath=\"/asset\"");
    }
}
