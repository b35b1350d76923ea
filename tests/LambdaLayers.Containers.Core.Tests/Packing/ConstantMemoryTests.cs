using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Deflate;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing;

[NonParallelizable]
public sealed class ConstantMemoryTests
{
    private const long Megabyte = 1 << 20;

    [Test]
    public async Task No_more_than_a_few_pieces_are_held_between_source_and_blob()
    {
        const long size = 200 * Megabyte;
        var blob = new CountingSink();
        var source = new NoiseStream(size);
        var most = 0L;
        // Noise does not become smaller, so what is not in the blob yet is held.
        source.Handed += total => most = Math.Max(most, total - blob.Written);
        var tree = MemoryTree.Of(new LayerEntry("noise", EntryKind.File) { Size = size, Open = () => source });

        var packed = await new LayerPacker().PackAsync(tree, Packed.Options, blob, CancellationToken.None);

        Assert.That(packed.Facts.UncompressedSize, Is.EqualTo(size));
        Assert.That(packed.Size, Is.EqualTo(blob.Written).And.LessThan(size + (size / 5000)));
        Assert.That(most, Is.Positive.And.LessThan((Math.Clamp(Environment.ProcessorCount, 1, 8) + 24) * Piece.MaxLength));
    }

    [TestCase("zeros", 400)]
    [TestCase("noise", 100)]
    public async Task The_heap_stays_small_while_a_zip_with_a_big_entry_is_packed(string kind, int megabytes)
    {
        using var root = new TempRoot();
        var content = new byte[megabytes * Megabyte];
        if (kind == "noise")
            new Random(1).NextBytes(content);
        var zip = new ZipBuilder().File(kind, content).Write(root);
        content = null;
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var blob = new CountingSink { Sample = () => GC.GetTotalMemory(forceFullCollection: true) - before };

        using var tree = ZipTree.Open(zip);
        var packer = new LayerPacker();
        var packed = await packer.PackAsync(tree, Packed.Options, blob, CancellationToken.None);

        Assert.That(packed.Facts.UncompressedSize, Is.EqualTo(megabytes * Megabyte));
        Assert.That(packer.Reused, Is.EqualTo(1));
        Assert.That(blob.Samples, Is.Positive);
        Assert.That(blob.Largest, Is.LessThan(24 * Megabyte));
    }

    /// <summary>Counts what is written, and takes a sample now and then.</summary>
    private sealed class CountingSink : MemoryStream
    {
        private long _sampled;

        public Func<long>? Sample { get; init; }

        public long Written { get; private set; }

        public int Samples { get; private set; }

        public long Largest { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            if (Sample is not null && (Samples == 0 || Written - _sampled > 4 * Megabyte))
            {
                _sampled = Written;
                Samples++;
                Largest = Math.Max(Largest, Sample());
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Noise that nobody holds.</summary>
    private sealed class NoiseStream(long length) : MemoryStream
    {
        private readonly Random _random = new(1);
        private long _handed;

        public event Action<long>? Handed;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - _handed);
            _random.NextBytes(buffer[..count]);
            _handed += count;
            Handed?.Invoke(_handed);
            return count;
        }
    }
}
