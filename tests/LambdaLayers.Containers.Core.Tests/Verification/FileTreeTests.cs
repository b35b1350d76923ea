using LambdaLayers.Containers.Core.Packing.Tar;
using LambdaLayers.Containers.Core.Verification.Inspection;
using LambdaLayers.Containers.Core.Verification.Rules;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Paths, links and names in what an image's layers add up to.</summary>
public sealed class FileTreeTests
{
    [TestCase("/a/b", "/a/b")]
    [TestCase("a//b/", "/a/b")]
    [TestCase("/a/./b/../c", "/a/c")]
    [TestCase("/../a", "/a")]
    [TestCase("/a/..", "")]
    [TestCase("/", "")]
    public void A_path_has_one_spelling(string path, string normal) => Assert.That(FileTree.Normalize(path), Is.EqualTo(normal));

    [Test]
    public void Files_are_found_behind_links_and_listed_in_order()
    {
        var tree = Tree(
            new FileRecord(TarItem.Folder, "a"), new FileRecord(TarItem.Folder, "a/deep"), File("a/deep/y"), File("a/deep/x"), File("a/b"),
            File("root"), Link("link", "a/deep"), Link("a/up", "../root"), Link("loop", "loop"));

        Assert.That(tree.In("/a").Select(f => f.Path), Is.EqualTo(["/a/b", "/a/deep", "/a/up"]));
        Assert.That(tree.Under("/a").Select(f => f.Path), Is.EqualTo(["/a/b", "/a/deep", "/a/deep/x", "/a/deep/y", "/a/up"]));
        Assert.That(tree.In("/root"), Is.Empty);
        Assert.That(tree.Under("/nowhere"), Is.Empty);
        Assert.That(tree.Find("/link/x")!.IsFile);
        Assert.That(tree.Find("/")!.IsFolder);
        Assert.That(tree.FindItself("/root")!.IsFile);
        Assert.That(tree.FindItself("/link")!.IsLink);
        Assert.That(tree.FindItself("/a/missing"), Is.Null);
        Assert.That(tree.FindItself("/"), Is.Null);
        Assert.That(tree.Resolve("/link"), Is.EqualTo("/a/deep"));
        Assert.That(tree.Resolve("/a/up"), Is.EqualTo("/root"));
        Assert.That(tree.Resolve("/loop"), Is.EqualTo("/loop"), "and ends");
    }

    [TestCase(40, true)]
    [TestCase(41, false)]
    public void As_many_links_are_followed_as_Linux_follows(int links, bool found)
    {
        var tree = Tree([File("l0"), .. Enumerable.Range(1, links).Select(i => Link($"l{i}", $"l{i - 1}"))]);

        Assert.That(tree.Resolve($"/l{links}") == "/l0", Is.EqualTo(found));
    }

    [Test]
    public void A_name_is_looked_for_in_every_layer_that_is_known()
    {
        var tree = Tree(File("a/first"));
        tree.Add(null);
        tree.Add(new LayerContent([File("b/second")]));

        Assert.That(tree.HasFileNamed("first") && tree.HasFileNamed("second"));
        Assert.That(tree.HasFileNamed("a") || tree.HasFileNamed("third"), Is.False);
    }

    [TestCase("/bin/sh", "/bin/sh", "", false)]
    [TestCase(" /bin/sh -e", "/bin/sh", "-e", false)]
    [TestCase("/usr/bin/env\tnode --x\r", "/usr/bin/env", "node --x", true)]
    [TestCase("/bin/sh\r", "/bin/sh", "", true)]
    public void The_first_line_of_a_script_names_its_interpreter(string line, string interpreter, string argument, bool windows)
    {
        var tree = Tree(new FileRecord(TarItem.File, "x") { Shebang = line });

        Assert.That(Shebang.Of(tree.Find("/x")!), Is.EqualTo(new Shebang(interpreter, argument, windows)));
    }

    private static FileTree Tree(params FileRecord[] entries)
    {
        var tree = new FileTree((_, _, _) => Task.FromResult<byte[]?>(null));
        Assert.That(tree.Add(new LayerContent(entries)), Is.Null);
        return tree;
    }

    private static FileRecord File(string name) => new(TarItem.File, name);

    private static FileRecord Link(string name, string target) => new(TarItem.SymbolicLink, name) { Link = target };
}
