using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.Core.Packing.Gzip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class ConstantMemoryTests
{
    private const long Megabyte = 1 << 20;

    [Test]
    public async Task No_more_than_a_few_pieces_are_held_between_source_and_blob()
    {
        const long size = 300 * Megabyte;
        var blob = new CountingSink();
        var source = new Zeros(size);
        var most = 0L;
        source.Handed += total => most = Math.Max(most, total - (blob.Writes * ParallelGzipStream.ChunkLength));
        var tree = MemoryTree.Of(new LayerEntry("zeros", EntryKind.File) { Size = size, Open = () => source });

        var packed = await new RecompressingPacker().PackAsync(tree, Packed.Options, blob, CancellationToken.None);

        Assert.That(packed.Facts.UncompressedSize, Is.EqualTo(size));
        Assert.That(most, Is.Positive.And.LessThan((Math.Clamp(Environment.ProcessorCount, 1, 8) + 4) * Megabyte));
    }

    [Test]
    public async Task The_heap_stays_small_while_a_zip_with_a_big_entry_is_packed()
    {
        using var root = new TempRoot();
        var zip = new ZipBuilder().File("zeros", new byte[400 * Megabyte]).Write(root);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var blob = new CountingSink { Sample = () => GC.GetTotalMemory(forceFullCollection: true) - before };

        using var tree = ZipTree.Open(zip);
        var packed = await new RecompressingPacker().PackAsync(tree, Packed.Options, blob, CancellationToken.None);

        Assert.That(packed.Facts.UncompressedSize, Is.EqualTo(400 * Megabyte));
        Assert.That(blob.Samples, Is.GreaterThan(5));
        Assert.That(blob.Largest, Is.LessThan(64 * Megabyte));
    }

    /// <summary>Counts writes, and takes a sample at every fiftieth.</summary>
    private sealed class CountingSink : MemoryStream
    {
        public Func<long>? Sample { get; init; }

        public long Writes { get; private set; }

        public int Samples { get; private set; }

        public long Largest { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (++Writes % 50 == 0 && Sample is not null)
            {
                Samples++;
                Largest = Math.Max(Largest, Sample());
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Zeros that nobody holds.</summary>
    private sealed class Zeros(long length) : MemoryStream
    {
        private long _handed;

        public event Action<long>? Handed;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, length - _handed);
            buffer.Span[..count].Clear();
            _handed += count;
            Handed?.Invoke(_handed);
            return ValueTask.FromResult(count);
        }
    }
}
