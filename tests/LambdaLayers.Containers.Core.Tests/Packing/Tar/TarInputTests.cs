using System.Formats.Tar;
using System.Text;
using CsCheck;
using LambdaLayers.Containers.Core.Packing.Tar;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.Core.Tests.Packing.Tar;

public sealed class TarInputTests
{
    private static async Task<List<(TarItem Entry, string Content)>> ReadAsync(byte[] tar)
    {
        await using var input = new TarInput(new MemoryStream(tar));
        var entries = new List<(TarItem, string)>();
        while (await input.NextAsync(default) is { } entry)
        {
            var content = new byte[entry.Size];
            await input.ReadHeadAsync(content, default);
            entries.Add((entry, Encoding.UTF8.GetString(content)));
        }

        return entries;
    }

    [Test]
    public void Reads_what_SystemFormatsTar_writes_in_every_format()
    {
        var name = Gen.String[Gen.Char["ab/é日 ._-"], 1, 300].Select(n =>
            "x/" + n.Replace("//", "/", StringComparison.Ordinal).TrimEnd('/', ' ') + "y");
        var file = Gen.Select(name, Gen.String[0, 1500]);

        file.List[1, 8].Sample(files =>
        {
            foreach (var format in new[] { TarEntryFormat.Gnu, TarEntryFormat.Pax })
            {
                var tar = new TarBuilder(format);
                foreach (var (path, content) in files)
                    tar.File(path, Encoding.UTF8.GetBytes(content)).Link(path + "l", path);

                var entries = ReadAsync(tar.ToArray()).GetAwaiter().GetResult();

                Assert.That(
                    entries.Select(e => (e.Entry.Type, e.Entry.Name, e.Entry.LinkName, e.Entry.UnixTime)),
                    Is.EqualTo(files.SelectMany(f => new[]
                    {
                        (TarItem.File, f.Item1, "", TarBuilder.Time.ToUnixTimeSeconds()),
                        (TarItem.SymbolicLink, f.Item1 + "l", f.Item1, TarBuilder.Time.ToUnixTimeSeconds()),
                    })));
                Assert.That(
                    entries.Where(e => e.Entry.Type == TarItem.File).Select(e => Convert.ToHexString(Encoding.UTF8.GetBytes(e.Content))),
                    Is.EqualTo(files.Select(f => Convert.ToHexString(Encoding.UTF8.GetBytes(f.Item2)))));
            }
        }, iter: 60);
    }

    [TestCase("v7")]
    [TestCase("oldgnu")]
    [TestCase("gnu")]
    [TestCase("ustar")]
    [TestCase("posix")]
    public async Task Reads_what_GNU_tar_writes(string format)
    {
        using var root = new TempRoot();
        var longName = format == "v7" ? "short" : new string('a', 90) + "/" + new string('b', 80);
        root.Write("in/d/" + longName, "content");
        // Ustar splits long names, but has no room for long targets.
        var target = format == "ustar" ? "short" : longName;
        File.CreateSymbolicLink(root.File("in", "d", "link"), target);
        await ToolRunner.RunAsync(
            "tar", "-C", root.File("in"), "--format=" + format, "--mtime=@1700000000", "--owner=7", "-cf", root.File("x.tar"), "d");

        var entries = await ReadAsync(await File.ReadAllBytesAsync(root.File("x.tar")));

        Assert.That(
            entries.Select(e => e.Entry.Name.TrimEnd('/')).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "d", "d/link", "d/" + longName }
                .Concat(format == "v7" ? [] : ["d/" + longName[..90]]).Order(StringComparer.Ordinal)));
        Assert.That(entries.Single(e => e.Entry.Type == TarItem.File).Content, Is.EqualTo("content"));
        Assert.That(entries.Single(e => e.Entry.Type == TarItem.SymbolicLink).Entry.LinkName, Is.EqualTo(target));
        Assert.That(entries.Select(e => e.Entry.UnixTime), Is.All.EqualTo(1_700_000_000));
        Assert.That(entries.Select(e => e.Entry.HasNoOwner), Is.All.False);
    }

    [TestCase("gnu", "")]
    [TestCase("posix", "--sparse-version=0.0")]
    [TestCase("posix", "--sparse-version=0.1")]
    [TestCase("posix", "--sparse-version=1.0")]
    public async Task Sparse_files_are_known_as_such_and_skipped_right(string format, string version)
    {
        using var root = new TempRoot();
        await using (var file = File.Create(root.File("in", "a-sparse")))
        {
            for (var i = 0; i < 60; i++)
            {
                file.Position = i * 200_000;
                file.WriteByte(1);
            }
        }

        root.Write("in/b-after", "after");
        string[] arguments = ["-C", root.File("in"), "--format=" + format, "-S", version, "--sort=name", "-cf", root.File("x.tar"), "."];
        await ToolRunner.RunAsync("tar", [.. arguments.Where(a => a.Length > 0)]);

        var entries = await ReadAsync(await File.ReadAllBytesAsync(root.File("x.tar")));

        Assert.That(entries.Select(e => (e.Entry.Name, e.Entry.IsSparse)), Is.EqualTo(
            new[] { ("./", false), ("./a-sparse", true), ("./b-after", false) }));
        Assert.That(entries[2].Content, Is.EqualTo("after"));
    }

    [Test]
    public void Numbers_are_octal_or_base_256()
    {
        Assert.That(TarField.Number("0000644\0"u8), Is.EqualTo(0x1A4));
        Assert.That(TarField.Number(" 644 \0\0\0"u8), Is.EqualTo(0x1A4));
        Assert.That(TarField.Number("\0\0\0\0\0\0\0\0"u8), Is.Zero);
        Assert.That(TarField.Number([0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1]), Is.EqualTo((2L << 32) + 1));
        Assert.That(TarField.Number([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE]), Is.EqualTo(-2));
        Assert.That(TarField.Number([0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), Is.EqualTo(long.MaxValue));
        Assert.Throws<InvalidDataException>(() => TarField.Number([0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Throws<InvalidDataException>(() => TarField.Number("00009\0\0\0"u8));
    }

    [Test]
    public async Task Huge_extended_headers_are_refused_before_they_are_read()
    {
        var tar = new TarBuilder(TarEntryFormat.Pax).File("x").ToArray();
        // The first header is the PAX one: give it a size of 1 GiB and mend its checksum.
        "10000000000\0"u8.CopyTo(tar.AsSpan(124));
        Mend(tar);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(tar));

        Assert.That(error!.Message, Does.Contain("1073741824"));
    }

    [Test]
    public async Task Names_that_are_not_utf8_stay_apart()
    {
        var tar = new TarBuilder().File("a1").File("a2").ToArray();
        foreach (var (header, letter) in new[] { (0, (byte)0xE9), (512, (byte)0xE8) })
        {
            tar[header + 1] = letter;
            Mend(tar.AsSpan(header));
        }

        var entries = await ReadAsync(tar);

        Assert.That(entries.Select(e => e.Entry.Name), Is.EqualTo(["a\uDCE9", "a\uDCE8"]));
        Refused.With("LLC3061", () => Core.Packing.LayerPath.Check(entries[0].Entry.Name));
    }

    [Test]
    public async Task Times_with_fractions_are_cut()
    {
        var tar = new TarBuilder(TarEntryFormat.Pax)
            .Special(TarEntryType.RegularFile, "a", e => e.ModificationTime = DateTimeOffset.FromUnixTimeMilliseconds(1500))
            .Special(TarEntryType.RegularFile, "b", e => e.ModificationTime = DateTimeOffset.FromUnixTimeMilliseconds(-1500));

        var entries = await ReadAsync(tar.ToArray());

        Assert.That(entries.Select(e => e.Entry.UnixTime), Is.EqualTo([1, -2]));
    }

    [Test]
    public async Task Global_headers_are_skipped()
    {
        Assert.That((await ReadAsync(WithGlobalHeader("comment", "0123456789abcdef"))).Single().Entry.Name, Is.EqualTo("good"));
        Assert.That((await ReadAsync(WithGlobalHeader("mtime", "1"))).Single().Entry.UnixTime, Is.Not.EqualTo(1));
    }

    // GNU tar and Python give it to every entry, Go and so container engines to none.
    [TestCase("path", "opt/extensions/hidden")]
    [TestCase("linkpath", "/etc/passwd")]
    [TestCase("size", "7")]
    [TestCase("GNU.sparse.major", "1")]
    public async Task Global_headers_that_change_what_an_entry_is_are_refused(string key, string value) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(WithGlobalHeader(key, value)));

    private static byte[] WithGlobalHeader(string key, string value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { [key] = value }));
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "good"));
        }

        return bytes.ToArray();
    }

    [Test]
    public void Damage_never_ends_in_another_exception_and_never_hangs()
    {
        var tar = new TarBuilder(TarEntryFormat.Pax).Folder("opt/").File("opt/" + new string('n', 200), "content").Link("opt/l", "x")
            .ToArray();

        Gen.Select(Gen.Int[0, tar.Length - 1], Gen.Byte).List[1, 6].Sample(changes =>
        {
            var damaged = tar.ToArray();
            foreach (var (at, value) in changes)
                damaged[at] = value;
            for (var header = 0; header < 512 * 3; header += 512)
                Mend(damaged.AsSpan(header));
            try
            {
                ReadAsync(damaged).GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
            }
        }, iter: 2000);
    }

    private static void Mend(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in header[..512])
            sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(header[148..]);
    }
}
