using System.Runtime.Versioning;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Folders;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class DirectoryTreeTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public async Task A_folder_packs_to_the_same_bytes_wherever_and_whenever_it_was_made()
    {
        foreach (var name in new[] { "one", "two" })
        {
            var files = new[] { "b/x", "a", ".hidden", "b-c", "b/.git/config" };
            foreach (var file in name == "one" ? files : files.Reverse())
                File.SetLastWriteTimeUtc(_root.Write($"{name}/{file}", file), DateTime.UtcNow.AddDays(-file.Length));
        }

        using var one = DirectoryTree.Open(Path.Combine(_root.Path, "one"));
        using var two = DirectoryTree.Open(Path.Combine(_root.Path, "two"));
        var (packedOne, packedTwo) = (await Packed.Of(one), await Packed.Of(two));

        Assert.That(packedOne.Names, Is.EqualTo(
            ["opt/", "opt/.hidden", "opt/a", "opt/b/", "opt/b/.git/", "opt/b/.git/config", "opt/b/x", "opt/b-c"]));
        Assert.That(packedOne["opt/b/x"].Text, Is.EqualTo("b/x"));
        Assert.That(packedOne.Entries.Select(e => e.Time), Is.All.EqualTo(PackOptions.ZipEpoch));
        Assert.That(packedOne.Layer.Digest, Is.EqualTo(packedTwo.Layer.Digest));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task Of_the_modes_only_the_execute_bit_counts()
    {
        SkipOnWindows();
        File.SetUnixFileMode(_root.Write("l/run", "data"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(_root.Write("l/open", "data"), (UnixFileMode)0b110_110_110);
        File.SetUnixFileMode(_root.Write("l/script", "#!/bin/sh\n"), (UnixFileMode)0b110_000_000);
        File.SetUnixFileMode(_root.Write("l/d/x", "data"), (UnixFileMode)0b100_000_000);
        File.SetUnixFileMode(_root.Folder("l", "d"), (UnixFileMode)0b111_000_000);

        using var tree = DirectoryTree.Open(_root.Folder("l"));
        var packed = await Packed.Of(tree);

        Assert.That(packed.Entries.Skip(1).Select(e => $"{e.Name} {Convert.ToString(e.Mode, 8)}"), Is.EqualTo(
            ["opt/d/ 755", "opt/d/x 644", "opt/open 644", "opt/run 755", "opt/script 755"]));
    }

    [Test]
    public void Symbolic_links_stay_links_and_are_never_followed()
    {
        SkipOnWindows();
        var outside = _root.Write("outside/secret", "secret");
        _root.Folder("l");
        File.CreateSymbolicLink(Path.Combine(_root.Path, "l", "file"), outside);
        Directory.CreateSymbolicLink(Path.Combine(_root.Path, "l", "folder"), "../outside");
        File.CreateSymbolicLink(Path.Combine(_root.Path, "l", "dangling"), "/aws/none");
        Directory.CreateSymbolicLink(Path.Combine(_root.Path, "l", "loop"), ".");

        using var tree = DirectoryTree.Open(_root.Folder("l"));

        Assert.That(tree.Entries.Select(e => $"{e.Path} {e.Kind} {e.LinkTarget}"), Is.EqualTo([
            "dangling SymbolicLink /aws/none", $"file SymbolicLink {outside}", "folder SymbolicLink ../outside", "loop SymbolicLink .",
        ]));
    }

    [TestCase("FIFO", "mkfifo")]
    [TestCase("socket", null)]
    public async Task Special_files_are_refused_without_being_opened(string kind, string? tool)
    {
        SkipOnWindows();
        var path = Path.Combine(_root.Folder("l"), "special");
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        if (tool is null)
            socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        else
            await ToolRunner.RunAsync(tool, path);

        Refused.With("LLC3060", () => DirectoryTree.Open(_root.Folder("l")).Dispose(), mentions: $"'special' is a {kind}");
    }

    [Test]
    public void A_missing_folder_and_a_file_are_refused()
    {
        Refused.With("LLC3080", () => DirectoryTree.Open(Path.Combine(_root.Path, "no")).Dispose());
        Refused.With("LLC3081", () => DirectoryTree.Open(_root.Write("x.zip", "x")).Dispose());
    }

    [TestCase("longer text")]
    [TestCase("x")]
    [TestCase("TEXT")]
    public void A_file_that_changes_after_it_was_listed_is_refused(string changed)
    {
        var path = _root.Write("l/f", "text");
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var tree = DirectoryTree.Open(_root.Folder("l"));

        File.WriteAllText(path, changed);

        Refused.With("LLC3083", () => Packed.Of(tree), mentions: "'f'");
    }

    [Test]
    public void A_file_that_is_gone_when_it_is_read_is_refused()
    {
        var path = _root.Write("l/f", "text");
        using var tree = DirectoryTree.Open(_root.Folder("l"));

        File.Delete(path);

        Refused.With("LLC3082", () => Packed.Of(tree), mentions: "'f'");
    }

    [Test]
    public void Names_that_an_image_cannot_hold_are_refused()
    {
        SkipOnWindows();
        _root.Write("l/.wh.x", "x");
        _root.Write("m/a\\b", "x");

        Refused.With("LLC3057", () => DirectoryTree.Open(_root.Folder("l")).Dispose());
        Refused.With("LLC3053", () => DirectoryTree.Open(_root.Folder("m")).Dispose());
    }

    [Test]
    public void Limits_hold()
    {
        _root.Write("l/a", "text");
        _root.Write("l/b", "text");

        Refused.With("LLC3070", () => DirectoryTree.Open(_root.Folder("l"), new Limits { Entries = 1 }).Dispose());
        Refused.With("LLC3071", () => DirectoryTree.Open(_root.Folder("l"), new Limits { UnpackedBytes = 7 }).Dispose());
    }

    private static void SkipOnWindows()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has neither these files nor modes.");
    }
}
