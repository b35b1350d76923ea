using System.IO.Compression;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// From a zip to an image layer with its digest and diffID. Ratios are to the floor: inflating and hashing without any
/// output. LLC_BENCH_ZIP names a zip of your own.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class PackingBenchmarks
{
    private readonly PackOptions _options = new("/opt", PackOptions.ZipEpoch);
    private TempRoot _root = null!;
    private string _zip = "";

    [GlobalSetup]
    public void WriteZip()
    {
        _root = new TempRoot();
        _zip = Environment.GetEnvironmentVariable("LLC_BENCH_ZIP") ?? WriteSyntheticZip();
    }

    [GlobalCleanup]
    public void DeleteZip() => _root.Dispose();

    [Benchmark(Baseline = true)]
    public byte[] InflateAndHash()
    {
        using var tree = ZipTree.Open(_zip);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        foreach (var entry in tree.Entries.Where(e => e.Open is not null))
        {
            using var content = entry.Open!();
            for (int read; (read = content.Read(buffer)) > 0;)
                hash.AppendData(buffer, 0, read);
        }

        return hash.GetHashAndReset();
    }

    [Benchmark]
    [Arguments("Reuse")]
    [Arguments("Optimal")]
    public async Task<PackedLayerSize> Pack(string compression)
    {
        using var tree = ZipTree.Open(_zip);
        var options = _options with { Compression = Compression.Parse(compression) };
        var packed = await new LayerPacker().PackAsync(tree, options, Stream.Null, CancellationToken.None);
        return new PackedLayerSize(packed.Size);
    }

    [Benchmark]
    public async Task<PackedLayerSize> InflateAndGZipOptimal()
    {
        using var tree = ZipTree.Open(_zip);
        using var output = new MemoryStream();
        await using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (var entry in tree.Entries.Where(e => e.Open is not null))
            {
                await using var content = entry.Open!();
                await content.CopyToAsync(gzip);
            }
        }

        return new PackedLayerSize(output.Length);
    }

    // Text that compresses like code: words of a small vocabulary in a fixed pseudo-random order.
    private string WriteSyntheticZip()
    {
        var random = new Random(20260101);
        var words = Enumerable.Range(0, 4000).Select(i => $"word{random.Next(1 << 20):x} ").ToArray();
        var zip = new ZipBuilder();
        for (var i = 0; i < 400; i++)
            zip.File($"lib/file{i}.txt", string.Concat(Enumerable.Range(0, 10_000).Select(_ => words[random.Next(words.Length)])));
        var path = _root.File("layer.zip");
        File.WriteAllBytes(path, zip.Build());
        return path;
    }
}
