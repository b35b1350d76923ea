using System.Net.Sockets;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Archives;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Packing.Folders;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.Core.Tests.Packing;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Hostile;

/// <summary>
/// Wherever a path can be given, there may be a FIFO, a device, a socket or links in a circle: each is an error at once, and not a
/// build that waits for ever. Each was opened as a file is before.
/// </summary>
[Platform("Linux")]
public sealed class SpecialFileTests
{
    private static readonly (string Name, Func<string, ContentCache, Task> ReadAsync)[] Readers =
    [
        ("a zip", (path, _) => Done(() => ZipTree.Open(path).Dispose())),
        ("a folder", (path, _) => Done(() => DirectoryTree.Open(Path.GetDirectoryName(path)!).Dispose())),
        ("a lock file", (path, _) => Done(() => LockFileStore.TryRead(path))),
        ("a log-in file", (path, _) => new DockerConfigSource(path, new CredentialHelper(_ => null, TimeSpan.Zero, TimeProvider.System))
            .GetAsync(new CredentialScope("r.test", CredentialPurpose.Pull), default)),
        ("defaults of AWS's tools", (path, _) => Done(() => ToolsDefaults.Read(path))),
        ("an archive", (path, cache) => new ReadImageArchive(cache).RunAsync(path, default)),
        ("what is written", (path, _) => AtomicFile.WriteAsync(
            path, (_, _) => Task.CompletedTask, e => FileErrors.CannotRead(path, e), default)),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from reader in Readers
        from kind in (string[])["FIFO", "device", "socket", "circle"]
        // A folder may hold links; a circle is no file that could be read, and a link that a written file replaces.
        where !(reader.Name == "a folder" && kind is ("device" or "circle"))
            && !(kind == "circle" && reader.Name is ("a lock file" or "a log-in file" or "what is written"))
        select new TestCaseData(reader.Name, kind);

    [TestCaseSource(nameof(Cases))]
    public async Task It_is_an_error_at_once(string reader, string kind)
    {
        using var root = new TempRoot();
        var path = root.File("dir", "special");
        using var socket = await MakeAsync(kind, path);
        // What is not mended waits for ever in here.
        var read = Task.Run(() => Readers.Single(r => r.Name == reader).ReadAsync(path, new ContentCache(new CachePaths(root.Path))))
            .WaitAsync(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<LayersException>(() => read);

        Assert.That(failure!.Diagnostic.Code, Does.Match("^LLC[0-9]{4}$"));
    }

    [Test]
    public async Task A_small_archive_that_unpacks_to_much_is_refused()
    {
        using var root = new TempRoot();
        var path = root.File("bomb.tar.gz");
        await using (var file = File.Create(path))
        await using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
        {
            var zeros = new byte[1 << 24];
            for (var written = 0L; written <= Limits.Default.FreelyUnpackedBytes; written += zeros.Length)
                await gzip.WriteAsync(zeros);
        }

        Refused.With("LLC3205", () => new ReadImageArchive(new ContentCache(new CachePaths(root.Path))).RunAsync(path, default));
    }

    [Test]
    public void An_archive_folder_names_no_file_outside_itself()
    {
        using var root = new TempRoot();
        root.Write("secret", "{}");
        root.Write("image/manifest.json", """[{"Config":"../secret","Layers":[]}]""");

        Refused.With(
            "LLC3590", () => new ReadImageArchive(new ContentCache(new CachePaths(root.Path))).RunAsync(root.Folder("image"), default),
            "is missing");
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static async Task<IDisposable?> MakeAsync(string kind, string path)
    {
        switch (kind)
        {
            case "FIFO":
                await ToolRunner.RunAsync("mkfifo", path);
                return null;
            case "device":
                // A device of one's own needs rights; a link to one is as good.
                File.CreateSymbolicLink(path, "/dev/zero");
                return null;
            case "socket":
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Bind(new UnixDomainSocketEndPoint(path));
                return socket;
            default:
                File.CreateSymbolicLink(path, path);
                return null;
        }
    }
}
