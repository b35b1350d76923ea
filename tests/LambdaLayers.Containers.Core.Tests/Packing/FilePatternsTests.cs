using LambdaLayers.Containers.Core.Packing.Folders;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>Which files stay out of a layer; git says the same of each.</summary>
public sealed class FilePatternsTests
{
    [TestCase("__pycache__", "__pycache__", true)]
    [TestCase("__pycache__", "a/b/__pycache__", true)]
    [TestCase("__pycache__/", "a/__pycache__", true)]
    [TestCase("*.pyc", "a/b.pyc", true)]
    [TestCase("*.pyc", "a/b.py", false)]
    [TestCase("*.PYC", "a/b.pyc", false)]
    [TestCase("?.txt", "a.txt", true)]
    [TestCase("?.txt", "ab.txt", false)]
    [TestCase("/tests", "tests", true)]
    [TestCase("/tests", "package/tests", false)]
    [TestCase("docs/*.md", "docs/a.md", true)]
    [TestCase("docs/*.md", "docs/b/a.md", false)]
    [TestCase("docs/*.md", "a/docs/b.md", false)]
    [TestCase("**/docs/*.md", "a/docs/b.md", true)]
    [TestCase("**/docs/*.md", "docs/b.md", true)]
    [TestCase("a/**/z", "a/z", true)]
    [TestCase("a/**/z", "a/b/c/z", true)]
    [TestCase("a/**", "b/a", false)]
    [TestCase("x; *.md ;\n y", "a/y", true)]
    [TestCase("x; *.md ;\n y", "README.md", true)]
    [TestCase(" ; ;/", "anything", false)]
    public void A_pattern_names_files_as_in_a_gitignore(string patterns, string path, bool excluded) =>
        Assert.That(FilePatterns.Parse(patterns).Excludes(path), Is.EqualTo(excluded));

    [Test]
    public void An_excluded_folder_is_not_looked_into()
    {
        using var root = new TempRoot();
        root.Write("app.py", "");
        root.Write("package/__init__.py", "");
        root.Write("package/__pycache__/a.pyc", "");
        root.Write("package/tests/test_a.py", "");
        root.Write("tests/test_app.py", "");
        // Not valid in a layer: whoever lists it fails.
        File.CreateSymbolicLink(root.File(".venv", "a\\b"), "nowhere");

        using var tree = DirectoryTree.Open(root.Path, exclude: FilePatterns.Parse("__pycache__;/tests;.venv"));

        Assert.That(tree.Entries.Select(e => e.Path), Is.EqualTo(
            new[] { "app.py", "package", "package/__init__.py", "package/tests", "package/tests/test_a.py" }));
    }
}
