using System.Formats.Tar;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.TestKit.Images;
using MediaTypes = LambdaLayers.Containers.Core.Oci.MediaTypes;

namespace LambdaLayers.Containers.Core.Tests.Packing.Rootfs;

public sealed class LayerFormatTests
{
    private static readonly byte[] Tar = Files();

    private static byte[] Files()
    {
        var tar = new TarBuilder();
        for (var i = 0; i < 40; i++)
            tar.File($"opt/{i:00}", new string((char)('a' + (i % 26)), 3000 + (i * 7)));
        return tar.ToArray();
    }

    private static async Task ExpectAllAsync(byte[] blob, string mediaType)
    {
        var files = await Layered.ListAsync("/opt", [Layered.Blob(Tar, blob, mediaType)]);

        Assert.That(files, Has.Count.EqualTo(40));
        Assert.That(files[39], Is.EqualTo("39: " + new string('n', 3273)));
    }

    [Test]
    public Task Uncompressed() => ExpectAllAsync(Tar, MediaTypes.DockerLayer);

    [Test]
    public Task Gzip_of_one_member() => ExpectAllAsync(LayerBlobs.Gzip(Tar), MediaTypes.OciLayerGzip);

    [Test]
    public Task Zstd() => ExpectAllAsync(LayerBlobs.Zstd(Tar), MediaTypes.OciLayerZstd);

    [Test]
    public Task Zstd_of_several_frames_with_skippable_ones() =>
        ExpectAllAsync(LayerBlobs.ZstdChunked(Tar, 5000), MediaTypes.OciLayerZstd);

    [Test]
    public Task The_bytes_decide_and_not_the_media_type() => ExpectAllAsync(LayerBlobs.Zstd(Tar), MediaTypes.OciLayerGzip);

    // Decompressors have lost members that end just where a buffer does.
    [TestCase(512)]
    [TestCase(10240)]
    [TestCase(65536)]
    public Task Gzip_of_several_members(int pieceLength) =>
        ExpectAllAsync(LayerBlobs.GzipMembers(Tar, pieceLength), MediaTypes.OciLayerGzip);

    [Test]
    public async Task Gzip_members_that_end_around_a_decompressors_buffer()
    {
        // Stored data has a known compressed length, so the first member's end can be put anywhere.
        for (var end = 8192 - 12; end <= 8192 + 12; end++)
        {
            var noise = new byte[end - 23];
            new Random(7).NextBytes(noise);
            var tar = new TarBuilder().File("opt/noise", noise).File("opt/last", "last").ToArray();
            var first = Array.FindIndex(tar, 512, b => b != 0) + noise.Length;
            byte[] blob = [.. LayerBlobs.Gzip(tar[..first]), .. LayerBlobs.Gzip(tar[first..])];

            var content = await Layered.ReadAsync([Layered.Blob(tar, blob)]);

            Assert.That(content.Files.Find("/opt/last"), Is.Not.Null, $"{end}");
        }
    }

    [Test]
    public async Task A_layer_that_is_cut_off_is_refused()
    {
        var blob = LayerBlobs.Gzip(Tar);

        Refused.With("LLC3201", () => Layered.ListAsync("/opt", [Layered.Blob(Tar[..^3000], Tar[..^3000])]));
        var error = await Assert.CatchAsync<LayersException>(
            () => Layered.ListAsync("/opt", [Layered.Blob(Tar, blob[..(blob.Length / 2)])]));
        Assert.That(error!.Diagnostic.Code, Is.EqualTo("LLC3201").Or.EqualTo("LLC3202"));
    }

    [Test]
    public void What_is_no_tar_is_refused() =>
        Refused.With("LLC3201", () => Layered.ListAsync("/opt", [Layered.Blob(new byte[4096].Select(_ => (byte)'x').ToArray())]),
            "cannot be unpacked");

    [Test]
    public void A_layer_that_unpacks_to_something_else_than_the_configuration_says_is_refused()
    {
        var layer = Layered.Blob(Tar) with { DiffId = Digest.Of("another"u8) };

        Refused.With("LLC3202", () => Layered.ListAsync("/opt", [layer]), Digest.Of(Tar).ToString());
    }

    [Test]
    public void An_artefact_is_told_from_an_image()
    {
        Refused.With("LLC3203", () => Layered.ListAsync("/opt", [Layered.Blob(Tar, Tar, "application/vnd.in-toto+json")]), "in-toto");
        Refused.With(
            "LLC3203",
            () => Layered.ListAsync("/opt", [Layered.Blob(Tar, Tar, MediaTypes.OciLayerGzip + "+encrypted")]),
            "Encrypted");
    }

    [Test]
    public void Too_many_entries_and_too_many_bytes_are_refused()
    {
        var layer = Layered.Blob(Tar);

        Refused.With("LLC3205", () => Layered.ReadAsync([layer], null, new Limits { ImageEntries = 20 }), "20 entries");
        Refused.With("LLC3205", () => Layered.ReadAsync([layer], null, new Limits { ImageUnpackedBytes = 10_000 }), "10,000 bytes");
    }

    [Test]
    public void Folders_that_nobody_named_count_too()
    {
        var deep = new TarBuilder(TarEntryFormat.Pax);
        for (var i = 0; i < 10; i++)
            deep.File($"{i}/" + string.Join('/', Enumerable.Repeat("d", 150)));

        Refused.With("LLC3205", () => Layered.ReadAsync([Layered.Blob(deep.ToArray())], null, new Limits { ImageEntries = 1000 }));
    }
}
