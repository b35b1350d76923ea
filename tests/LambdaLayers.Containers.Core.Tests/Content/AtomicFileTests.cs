using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Content;

public sealed class AtomicFileTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void Make() => _root = new TempRoot();

    [TearDown]
    public void Remove() => _root.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    [Platform(Exclude = "Win")]
    public async Task A_special_file_is_refused_and_stays(bool behindLink)
    {
        var fifo = Path.Combine(_root.Path, "fifo");
        await ToolRunner.RunAsync(new ToolCommand(Tools.Require("mkfifo"), [fifo]), CancellationToken.None);
        var path = behindLink ? Path.Combine(_root.Path, "link") : fifo;
        if (behindLink)
            File.CreateSymbolicLink(path, fifo);

        var error = await Assert.ThrowsAsync<LayersException>(() => WriteAsync(path));

        Assert.That(error!.Message, Does.Contain("FIFO"));
        Assert.That(UnixFileType.SpecialBehind(path), Is.EqualTo("FIFO"), "it is still there");
        Assert.That(Directory.GetFiles(_root.Path, "*.tmp"), Is.Empty);
    }

    [Test]
    public async Task A_file_is_replaced()
    {
        var path = _root.Write("file", "old");

        await WriteAsync(path);

        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo("new"));
    }

    private static Task WriteAsync(string path) => AtomicFile.WriteAsync(
        path,
        async (file, token) => await file.WriteAsync("new"u8.ToArray(), token),
        cause => new LayersException("LLC0000", cause.Message, cause),
        CancellationToken.None);
}
