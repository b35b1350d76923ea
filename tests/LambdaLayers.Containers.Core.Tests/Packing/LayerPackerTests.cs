using System.Formats.Tar;
using CsCheck;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class LayerPackerTests
{
    [Test]
    public async Task Digest_size_and_diffID_are_those_of_the_bytes()
    {
        var packed = await Packed.Of(MemoryTree.Of(MemoryTree.File("a", "text")));

        Assert.That(packed.Layer.Digest, Is.EqualTo(Digest.Of(packed.Blob)));
        Assert.That(packed.Layer.Size, Is.EqualTo(packed.Blob.Length));
        Assert.That(packed.Layer.DiffId, Is.EqualTo(Digest.Of(packed.Tar)));
    }

    [Test]
    public async Task Entries_have_their_modes_times_links_and_content()
    {
        var time = new DateTimeOffset(2021, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var packed = await Packed.Of(MemoryTree.Of(
            MemoryTree.File("lib/f", "text", 0b110_000_000) with { Modified = time },
            MemoryTree.Folder("lib", 0b111_000_000) with { Modified = time },
            MemoryTree.Link("lib/l", "../x"),
            MemoryTree.File("lib/script", "#!/bin/sh\n")));

        var shown = packed.Entries.Select(e =>
            $"{e.Name} {e.Type} {Convert.ToString(e.Mode, 8)} {e.Time:yyyy-MM-dd HH:mm:ss} {e.Link} {e.Text}");
        Assert.That(shown, Is.EqualTo([
            "opt/ Directory 755 1980-01-01 00:00:00  ",
            "opt/lib/ Directory 755 2021-02-03 04:05:06  ",
            "opt/lib/f RegularFile 644 2021-02-03 04:05:06  text",
            "opt/lib/l SymbolicLink 777 1980-01-01 00:00:00 ../x ",
            "opt/lib/script RegularFile 755 1980-01-01 00:00:00  #!/bin/sh\n",
        ]));
    }

    [Test]
    public async Task Hard_links_have_the_mode_and_time_of_their_file()
    {
        var file = MemoryTree.File("m", FileSignatureTests.Elf(62)) with { Modified = DateTimeOffset.FromUnixTimeSeconds(99) };
        var packed = await Packed.Of(MemoryTree.Of(file, MemoryTree.HardLink("a", "m"), MemoryTree.HardLink("z", "m")));

        var shown = packed.Entries.Skip(1).Select(e =>
            $"{e.Name} {e.Type} {Convert.ToString(e.Mode, 8)} {e.Time.ToUnixTimeSeconds()} {e.Link} {e.Content.Length}");
        Assert.That(shown, Is.EqualTo([
            "opt/a RegularFile 755 99  64", "opt/m HardLink 755 99 opt/a 0", "opt/z HardLink 755 99 opt/a 0",
        ]));
    }

    [Test]
    public async Task A_time_before_1970_becomes_1970()
    {
        var packed = await Packed.Of(
            MemoryTree.Of(MemoryTree.File("a")), Packed.Options with { DefaultTime = DateTimeOffset.MinValue });

        Assert.That(packed["opt/a"].Time, Is.EqualTo(DateTimeOffset.UnixEpoch));
    }

    [Test]
    public async Task The_tar_is_never_PAX()
    {
        var packed = await Packed.Of(MemoryTree.Of(
            MemoryTree.File(new string('n', 200) + "/" + new string('m', 200), "x"), MemoryTree.Link("é", new string('t', 300))));

        using var reader = new TarReader(new MemoryStream(packed.Tar));
        while (reader.GetNextEntry() is { } entry)
            Assert.That(entry.Format, Is.Not.EqualTo(TarEntryFormat.Pax), entry.Name);
    }

    [Test]
    public async Task The_bytes_are_the_same_on_every_machine()
    {
        var packed = await Packed.Of(MemoryTree.Of(
            MemoryTree.File("bin/tool", HalfNoise(3_000_000), 0b111_101_101),
            MemoryTree.File("deep/" + new string('n', 150) + "/é",
                "text") with
            { Modified = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000) },
            MemoryTree.Link("link", new string('t', 150)),
            MemoryTree.Folder("empty", 0b111_000_000)));

        // A change here means that users' layers get other digests: give the packer a new version.
        Assert.That(packed.Layer.DiffId.ToString(), Is.EqualTo("sha256:66b11f2a7b3c730b4fbcf98fac179517acc812823c188c4da3bbbea7486cdded"),
            $"{packed.Layer.DiffId}");
        Assert.That(packed.Layer.Digest.ToString(), Is.EqualTo("sha256:985d283228d36227aa530e040b8146a2d891386385561b8b6a38c4e765191d64"),
            $"{packed.Layer.Digest}");
        Assert.That(LayerPacker.Version, Is.EqualTo("splice-3"));
    }

    [Test]
    public void Any_tree_is_read_back_as_it_was_and_packs_to_the_same_bytes_in_any_order()
    {
        Trees.Any.Sample(
            entries =>
            {
                var packed = Packed.Of(MemoryTree.Of(entries)).GetAwaiter().GetResult();
                var reversed = Packed.Of(MemoryTree.Of([.. entries.Reverse()])).GetAwaiter().GetResult();
                return packed.Layer.Digest == reversed.Layer.Digest && entries.All(e => IsReadBack(e, packed));
            },
            iter: 50);
    }

    [Test]
    public void A_source_with_another_size_than_it_said_is_refused()
    {
        var lie = MemoryTree.File("a", "text");

        Refused.With("LLC3083", () => Packed.Of(MemoryTree.Of(lie with { Size = 3 })));
        Refused.With("LLC3083", () => Packed.Of(MemoryTree.Of(lie with { Size = 5 })));
    }

    [Test]
    public void Packing_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var tree = MemoryTree.Of(MemoryTree.File("a") with
        {
            Open = () =>
            {
                cancelled.Cancel();
                return Stream.Null;
            },
        }, MemoryTree.File("b"));

        Assert.That(
            () => new LayerPacker().PackAsync(tree, Packed.Options, Stream.Null, cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static bool IsReadBack(LayerEntry entry, Packed packed)
    {
        var read = packed[$"opt/{entry.Path}{(entry.Kind == EntryKind.Directory ? "/" : "")}"];
        var time = (entry.Modified ?? PackOptions.ZipEpoch).ToUnixTimeSeconds();
        return read.Time.ToUnixTimeSeconds() == time && entry.Kind switch
        {
            EntryKind.Directory => read.Type == TarEntryType.Directory,
            EntryKind.SymbolicLink => read.Type == TarEntryType.SymbolicLink && read.Link == entry.LinkTarget,
            _ => read.Type == TarEntryType.RegularFile && read.Content.AsSpan().SequenceEqual(Content(entry)),
        };
    }

    // Noise and repetition in turns, the same on every run.
    private static byte[] HalfNoise(int length)
    {
        var random = new Random(42);
        var content = new byte[length];
        for (var i = 0; i < length; i += 1000)
        {
            var part = content.AsSpan(i, Math.Min(1000, length - i));
            if (i / 1000 % 2 == 0)
                random.NextBytes(part);
            else
                part.Fill((byte)(i / 1000));
        }

        return content;
    }

    private static byte[] Content(LayerEntry entry)
    {
        using var copy = new MemoryStream();
        using var content = entry.Open!();
        content.CopyTo(copy);
        return copy.ToArray();
    }
}
