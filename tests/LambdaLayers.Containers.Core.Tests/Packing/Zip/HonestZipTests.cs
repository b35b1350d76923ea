using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing.Zip;

/// <summary>What ordinary tools write, with all its habits, is read: being strict is for zips that lie.</summary>
[Platform("Linux")]
public sealed class HonestZipTests
{
    private const string Python = """
        import sys, zipfile
        with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
            z.writestr('dir/', '')
            z.writestr('dir/a.txt', 'text' * 1000)
            with z.open('dir/streamed é', 'w', force_zip64=True) as f: f.write(b'x' * 100)
            z.mkdir('made')
        with zipfile.ZipFile(sys.argv[1], 'a') as z:
            z.writestr('appended', 'later')
        class Pipe:
            def __init__(self, f): self.f = f
            def write(self, b): return self.f.write(b)
            def flush(self): self.f.flush()
        with open(sys.argv[2], 'wb') as f, zipfile.ZipFile(Pipe(f), 'w', zipfile.ZIP_STORED) as z:
            z.writestr('dir/a.txt', 'text' * 1000)
            z.writestr('dir/b', '')
        """;

    private TempRoot _root = null!;
    private string _source = null!;

    [SetUp]
    public void SetUp()
    {
        _root = new TempRoot();
        _source = _root.Folder("source");
        Directory.CreateDirectory(Path.Combine(_source, "dir", "empty"));
        File.WriteAllText(Path.Combine(_source, "dir", "a.txt"), string.Concat(Enumerable.Repeat("text", 1000)));
        File.WriteAllText(Path.Combine(_source, "dir", "tiny"), "x");
        File.WriteAllText(Path.Combine(_source, "dir", "nothing"), "");
        File.WriteAllText(Path.Combine(_source, "dir", "é 漢"), "unicode");
        File.CreateSymbolicLink(Path.Combine(_source, "dir", "link"), "a.txt");
    }

    [TearDown]
    public void TearDown() => _root.Dispose();

    [TestCase("-qry")]
    [TestCase("-qry", "-0")]
    [TestCase("-qry", "-fd")]
    [TestCase("-qry", "-fd", "-0")]
    [TestCase("-qry", "-fz")]
    [TestCase("-qry", "-X", "-D")]
    public async Task Info_ZIP(params string[] options)
    {
        var zip = _root.File("info.zip");
        await RunAsync("zip", _source, [.. options, zip, "."]);

        ExpectAll(zip);
    }

    [Test]
    public async Task Info_ZIP_after_an_update_and_into_a_pipe()
    {
        var (updated, piped) = (_root.File("updated.zip"), _root.File("piped.zip"));
        await RunAsync("zip", _source, "-qry", updated, ".");
        File.WriteAllText(Path.Combine(_source, "dir", "tiny"), "y");
        await RunAsync("zip", _source, "-qry", updated, ".");
        await RunAsync("sh", _source, "-c", $"zip -qry - . | cat > '{piped}'");

        ExpectAll(updated);
        ExpectAll(piped);
    }

    [TestCase("zip")]
    [TestCase("zip", "--options", "zip:compression=store")]
    [TestCase("zip", "--options", "zip:zip64")]
    public async Task Bsdtar(string format, params string[] options)
    {
        var zip = _root.File("bsd.zip");
        await RunAsync("bsdtar", _source, ["--format", format, .. options, "-cf", zip, "."]);

        ExpectAll(zip);
    }

    [Test]
    public async Task Seven_zip()
    {
        var zip = _root.File("seven.zip");
        await RunAsync("7z", _source, "a", "-snl", "-bd", zip, ".");

        using var tree = ZipTree.Open(zip);
        Assert.That(tree.Entries.Select(e => e.Path), Is.SupersetOf(new[] { "dir/a.txt", "dir/empty", "dir/é 漢" }));
    }

    [Test]
    public async Task Python_zipfile()
    {
        var (zip, piped, script) = (_root.File("python.zip"), _root.File("piped.zip"), _root.File("make.py"));
        await File.WriteAllTextAsync(script, Python);
        await RunAsync("python3", _source, script, zip, piped);

        using var tree = ZipTree.Open(zip);
        using var stream = ZipTree.Open(piped);
        Assert.That(tree.Entries.Select(e => e.Path), Is.EqualTo(["dir", "dir/a.txt", "dir/streamed é", "made", "appended"]));
        Assert.That(stream.Entries.Select(e => e.Path), Is.EqualTo(["dir/a.txt", "dir/b"]));
        Read(tree);
        Read(stream);
    }

    [Test]
    public async Task Java_jar()
    {
        var zip = _root.File("java.zip");
        await RunAsync("jar", _source, "-c", "-M", "-f", zip, "dir");

        using var tree = ZipTree.Open(zip);
        Assert.That(tree.Entries.Select(e => e.Path), Is.SupersetOf(new[] { "dir/a.txt", "dir/empty", "dir/é 漢" }));
        Read(tree);
    }

    // JSZip's and yazl's habits: sizes after stored data too, 64-bit fields where small ones would do, no modes.
    [TestCase(0, 3)]
    [TestCase(8, 3)]
    [TestCase(0, 0)]
    [TestCase(8, 0)]
    public void JavaScript_libraries(int method, byte host)
    {
        var item = new ZipItem("a")
        {
            Content = "text"u8.ToArray(),
            Method = method,
            Host = host,
            Mode = null,
            Descriptor = true,
            Flags = 0x800
        };
        var zip = new ZipBuilder().Add(item).Add(item with { Name = "b", Zip64 = true })
            .Add(new ZipItem("d/") { Host = host, Mode = null, Method = 0 });

        using var tree = ZipTree.Open(zip.Write(_root));
        Read(tree);
    }

    private void ExpectAll(string zip)
    {
        using var tree = ZipTree.Open(zip);
        Assert.That(
            tree.Entries.Where(e => e.Kind != EntryKind.Directory).Select(e => $"{e.Path}:{e.Size}:{e.LinkTarget}"),
            Is.EquivalentTo(["dir/a.txt:4000:", "dir/tiny:1:", "dir/nothing:0:", "dir/é 漢:7:", "dir/link:0:a.txt"]));
        Read(tree);
    }

    private static void Read(LayerTree tree)
    {
        foreach (var entry in tree.Entries.Where(e => e.Open is not null))
        {
            using var content = entry.Open!();
            content.CopyTo(Stream.Null);
        }
    }

    private static Task<ToolResult> RunAsync(string tool, string folder, params string[] arguments) => ToolRunner.RunAsync(
        new ToolCommand(Tools.Require(tool), arguments)
        {
            WorkingDirectory = folder,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" },
        },
        CancellationToken.None);
}
