using System.IO.Compression;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using LambdaLayers.Containers.Core.Packing.Deflate;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// What packing consists of, one thread each: walking against inflating, encoding against gzip of the runtime, hashing.
/// The data are this program's own assemblies.
/// </summary>
[ShortRunJob]
public class CodecBenchmarks
{
    private const int Length = 8 << 20;

    private readonly DeflateWalker _walker = new();
    private readonly DeflateEncoder _encoder = new();
    private readonly byte[] _output = new byte[DeflateEncoder.MaxEncoded(Piece.MaxLength)];
    private readonly byte[] _data = new byte[Length + DeflateEncoder.Slack];
    private byte[] _raw = [];

    [GlobalSetup]
    public void ReadAssemblies()
    {
        var position = 0;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            position += stream.ReadAtLeast(_data.AsSpan(position, Length - position), Length - position, throwOnEndOfStream: false);
        }

        using var raw = new MemoryStream();
        using (var deflate = new DeflateStream(raw, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(_data, 0, Length);
        _raw = raw.ToArray();
    }

    [Benchmark]
    public bool Walk() => _walker.TryWalk(new MemoryStream(_raw), out _);

    [Benchmark]
    public void Inflate()
    {
        using var inflate = new DeflateStream(new MemoryStream(_raw), CompressionMode.Decompress);
        inflate.CopyTo(Stream.Null);
    }

    [Benchmark]
    [Arguments(1)]
    [Arguments(6)]
    [Arguments(9)]
    public int Encode(int level)
    {
        var total = 0;
        for (var start = 0; start < Length; start += Piece.MaxLength)
        {
            _encoder.Begin(_data, DeflateLevel.Of(level));
            _encoder.Know(Math.Max(0, start - DeflateFormat.WindowLength), start);
            total += _encoder.Encode(start, start + Piece.MaxLength, _output);
        }

        return total;
    }

    [Benchmark]
    public void GzipOptimal()
    {
        using var gzip = new GZipStream(Stream.Null, CompressionLevel.Optimal);
        gzip.Write(_data, 0, Length);
    }

    [Benchmark]
    public byte[] Hash() => SHA256.HashData(_data);
}
