using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>What GNU tar says about our layers.</summary>
public sealed class GnuTarTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public async Task It_lists_every_folder_before_what_is_in_it_with_mode_owner_and_time()
    {
        var zip = new ZipBuilder()
            .Add(new ZipItem("extensions/agent") { Content = "#!/bin/sh\n"u8.ToArray(), Mode = null, UnixTime = 1_600_000_000 })
            .File("python/lib/m.pyc", "code", 0b110_000_000)
            .Folder("python", 0b111_000_000)
            .Link("python/l", "/aws/none");

        var listing = await List(await Write(zip), "-tvz");

        Assert.That(listing, Is.EqualTo([
            "drwxr-xr-x 0/0 0 1980-01-01 00:00:00 opt/",
            "drwxr-xr-x 0/0 0 1980-01-01 00:00:00 opt/extensions/",
            "-rwxr-xr-x 0/0 10 2020-09-13 12:26:40 opt/extensions/agent",
            "drwxr-xr-x 0/0 0 2020-02-03 04:05:06 opt/python/",
            "lrwxrwxrwx 0/0 0 2020-02-03 04:05:06 opt/python/l -> /aws/none",
            "drwxr-xr-x 0/0 0 1980-01-01 00:00:00 opt/python/lib/",
            "-rw-r--r-- 0/0 4 2020-02-03 04:05:06 opt/python/lib/m.pyc",
        ]));
    }

    [Test]
    public async Task It_reads_names_and_targets_of_every_length()
    {
        var zip = new ZipBuilder();
        var names = new List<string>();
        for (var length = 90; length < 300; length += 7)
        {
            names.Add($"{new string('d', length / 2)}/{new string('f', length - (length / 2))}");
            zip.File(names[^1], "x").Link($"l{length:d3}", new string('t', length));
        }

        var listing = await List(await Write(zip), "-tvz");

        foreach (var (name, length) in names.Select((n, i) => (n, 90 + (7 * i))))
        {
            Assert.That(listing, Has.One.EqualTo($"-rw-r--r-- 0/0 1 2020-02-03 04:05:06 opt/{name}"));
            Assert.That(listing, Has.One.EqualTo(
                $"lrwxrwxrwx 0/0 0 2020-02-03 04:05:06 opt/l{length:d3} -> {new string('t', length)}"));
        }
    }

    private async Task<string> Write(ZipBuilder zip)
    {
        using var tree = ZipTree.Open(zip.Write(_root));
        var blob = _root.File("layer.tar.gz");
        await File.WriteAllBytesAsync(blob, (await Packed.Of(tree)).Blob);
        return blob;
    }

    private static async Task<string[]> List(string blob, string options)
    {
        var result = await ToolRunner.RunAsync("tar", options, "--full-time", "--utc", "--numeric-owner", "-f", blob);
        return [.. result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
    }
}
