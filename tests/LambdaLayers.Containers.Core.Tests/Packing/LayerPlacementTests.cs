using CsCheck;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class LayerPlacementTests
{
    [Test]
    public void Every_parent_gets_an_entry_before_its_children()
    {
        var placed = LayerPlacement.Place([MemoryTree.File("a/b/c"), MemoryTree.File("a-b"), MemoryTree.File("a/b.c")], "/opt");

        Assert.That(Paths(placed), Is.EqualTo(["opt", "opt/a", "opt/a/b", "opt/a/b/c", "opt/a/b.c", "opt/a-b"]));
        Assert.That(placed[1].Kind, Is.EqualTo(EntryKind.Directory));
    }

    [Test]
    public void Folders_that_the_source_has_keep_what_it_says_about_them()
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000);

        var placed = LayerPlacement.Place([MemoryTree.File("a/b"), MemoryTree.Folder("a") with { Modified = time }], "/opt");

        Assert.That(placed.Single(e => e.Path == "opt/a").Modified, Is.EqualTo(time));
    }

    [TestCase("/opt/tools", "opt,opt/tools,opt/tools/x")]
    [TestCase("/opt", "opt,opt/x")]
    [TestCase("/", "x")]
    public void The_target_path_leads_every_entry(string target, string expected)
    {
        Assert.That(Paths(LayerPlacement.Place([MemoryTree.File("x")], target)), Is.EqualTo(expected.Split(',')));
    }

    [Test]
    public void An_empty_tree_still_makes_its_target()
    {
        Assert.That(Paths(LayerPlacement.Place([], "/opt/tools")), Is.EqualTo(["opt", "opt/tools"]));
    }

    [Test]
    public void A_target_path_is_checked_like_any_name()
    {
        Refused.With("LLC3052", () => LayerPlacement.Place([], "/opt/../etc"));
    }

    [Test]
    public void An_entry_below_a_symbolic_link_is_refused_in_any_order()
    {
        var (link, below) = (MemoryTree.Link("lib", "/etc"), MemoryTree.File("lib/x/passwd"));

        Refused.With("LLC3058", () => LayerPlacement.Place([link, below], "/opt"), mentions: "'lib/x/passwd'");
        Refused.With("LLC3058", () => LayerPlacement.Place([below, link], "/opt"), mentions: "'lib'");
    }

    [Test]
    public void A_file_that_is_also_a_folder_is_refused()
    {
        Refused.With("LLC3059", () => LayerPlacement.Place([MemoryTree.File("a/b/c"), MemoryTree.File("a")], "/opt"));
    }

    [Test]
    public void Of_all_names_of_a_file_the_first_carries_its_content()
    {
        var placed = LayerPlacement.Place(
            [MemoryTree.File("m"), MemoryTree.HardLink("z", "m"), MemoryTree.HardLink("a", "m"), MemoryTree.HardLink("o", "n"),
                MemoryTree.File("n")],
            "/opt");

        var shown = placed.Skip(1).Select(e => $"{e.Path} {e.Kind} {e.LinkTarget} {e.Open is not null}");
        Assert.That(shown, Is.EqualTo([
            "opt/a File  True",
            "opt/m HardLink opt/a False",
            "opt/n File  True",
            "opt/o HardLink opt/n False",
            "opt/z HardLink opt/a False",
        ]));
    }

    [TestCase("missing")]
    [TestCase("folder")]
    [TestCase("link")]
    public void A_hard_link_to_something_else_than_a_file_is_refused(string target)
    {
        Refused.With("LLC3062", () => LayerPlacement.Place(
            [MemoryTree.HardLink("a", target), MemoryTree.Folder("folder"), MemoryTree.Link("link", "x")], "/opt"));
    }

    [Test]
    public void Any_tree_comes_out_sorted_with_parents_first()
    {
        Trees.Any.Sample(tree =>
        {
            var paths = Paths(LayerPlacement.Place(tree, "/opt/x"));
            var seen = new HashSet<string>();
            // With a letter that no name has in place of the slash the order is the plain ordinal one.
            return paths.SequenceEqual(paths.OrderBy(p => p.Replace('/', '\0'), StringComparer.Ordinal))
                && paths.All(p => seen.Add(p) && (LayerPath.Parent(p).Length == 0 || seen.Contains(LayerPath.Parent(p))))
                && tree.All(e => seen.Contains("opt/x/" + e.Path));
        });
    }

    private static List<string> Paths(IEnumerable<LayerEntry> placed) => [.. placed.Select(e => e.Path)];
}
