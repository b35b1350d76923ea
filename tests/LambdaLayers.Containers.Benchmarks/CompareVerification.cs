using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Folders;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// Verification of an image of some 500 MB, real layers and a real .NET, against reading and hashing it: the digest
/// of each blob and of the tar in it, on as many threads. Medians of five, in turns, in one run; processor time too, which says more
/// on a machine that has other work.
/// </summary>
internal static class CompareVerification
{
    private const int Repetitions = 5;
    private const long Enough = 500L << 20;

    private static readonly string[] Packages =
    [
        "@aws-cdk/lambda-layer-node-proxy-agent@1.203.0",
        "@aws-cdk/lambda-layer-awscli@1.203.0",
        "@aws-cdk/asset-kubectl-v20@2.1.4",
    ];

    public static async Task<int> RunAsync()
    {
        using var root = new TempRoot();
        var (image, files) = await MakeAsync(root);
        var bytes = 0L;
        var (floor, cold, warm) = (new Times(), new Times(), new Times());
        var findings = 0;
        for (var i = 0; i <= Repetitions; i++)
        {
            var cache = new ContentCache(new CachePaths(root.Folder($"cache{i}")));
            await MeasureAsync(floor, i, async () => bytes = await ReadAndHashAsync(files.Values));
            await MeasureAsync(cold, i, async () => findings = await VerifyAsync(image, files, cache));
            await MeasureAsync(warm, i, async () => findings = await VerifyAsync(image, files, cache));
        }

        Console.WriteLine($"{image.Layers.Count} layers, {bytes:N0} bytes unpacked, {findings} findings");
        Console.WriteLine("| | read and hash ms | verify ms | verify / read and hash | again ms |");
        Console.WriteLine("|---|---|---|---|---|");
        Row("time", floor.Wall, cold.Wall, warm.Wall);
        Row("processor time", floor.Processor, cold.Processor, warm.Processor);
        return 0;

        static void Row(string what, List<double> floor, List<double> cold, List<double> warm) => Console.WriteLine(
            $"| {what} | {Median(floor):0} | {Median(cold):0} | {Median(cold) / Median(floor):0.00} | {Median(warm):0} |");
    }

    private static async Task<(Image Image, Dictionary<Digest, string> Files)> MakeAsync(TempRoot root)
    {
        var files = new Dictionary<Digest, string>();
        var layers = new List<Layer>();
        var size = 0L;
        foreach (var package in Packages)
        {
            using var tree = ZipTree.Open(await NpmPackages.LayerZipAsync(package));
            await AddAsync(tree, "/opt");
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/: the .NET that runs this, and its SDK beside it, several
        // times over.
        var dotnet = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
        for (var i = 0; size < Enough; i++)
        {
            foreach (var folder in (string[])["shared", "sdk"])
            {
                if (size >= Enough || !Directory.Exists(Path.Combine(dotnet, folder)))
                    continue;
                using var tree = DirectoryTree.Open(Path.Combine(dotnet, folder));
                await AddAsync(tree, $"/var/task/{folder}{i}");
            }
        }

        return (Image.Empty(Platform.LinuxAmd64).WithLayers(layers, DateTimeOffset.UnixEpoch), files);

        async Task AddAsync(LayerTree tree, string target)
        {
            var path = root.File($"{layers.Count}.tar.gz");
            PackedLayer packed;
            await using (var file = File.Create(path))
                packed = await new LayerPacker().PackAsync(tree, new PackOptions(target, PackOptions.ZipEpoch), file,
                    default);
            files[packed.Digest] = path;
            size += packed.Facts.UncompressedSize;
            layers.Add(new Layer(
                new Descriptor(MediaTypes.DockerLayerGzip, packed.Digest, packed.Size), packed.DiffId,
                    new LayerOrigin(target),
                _ => Task.FromResult<Stream>(File.OpenRead(path))));
        }
    }

    private static async Task<long> ReadAndHashAsync(IEnumerable<string> files)
    {
        var bytes = 0L;
        await Parallel.ForEachAsync(files,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (path, token) =>
        {
            await using var file = File.OpenRead(path);
            await Digest.OfAsync(file, token);
            file.Position = 0;
            await using var gzip = new GZipStream(file, CompressionMode.Decompress);
            var counted = new CountingStream(gzip);
            await Digest.OfAsync(counted, token);
            Interlocked.Add(ref bytes, counted.Count);
        });
        return bytes;
    }

    // As VerifyLambdaImage does: whatever the cache gives out is hashed there.
    private static async Task<int> VerifyAsync(Image image, Dictionary<Digest, string> files, ContentCache cache)
    {
        KnownSecret[] secrets =
        [
            .. Enumerable.Range(0, 6).Select(i => new KnownSecret(Convert.ToBase64String(Enumerable.Range(i,
                30).Select(b => (byte)(b * 53)).ToArray()), $"secret {i}")),
        ];
        var verify = new VerifyImage(cache, secrets, new VerificationOptions(), new QuietLog());
        var opened = new System.Collections.Concurrent.ConcurrentDictionary<Digest, byte>();
        var found = await verify.RunAsync(
            new VerificationRequest(image, async (layer, token) =>
            {
                var file = File.OpenRead(files[layer.Digest]);
                if (opened.TryAdd(layer.Digest, 0))
                    await Digest.OfAsync(file, token);
                file.Position = 0;
                return file;
            }),
            default);
        return found.Count;
    }

    private static async Task MeasureAsync(Times times, int round, Func<Task> work)
    {
        GC.Collect();
        var (watch, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await work();
        if (round == 0)
            return;
        times.Wall.Add(watch.Elapsed.TotalMilliseconds);
        times.Processor.Add((Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>Milliseconds of each round.</summary>
    private sealed class Times
    {
        public List<double> Wall { get; } = [];

        public List<double> Processor { get; } = [];
    }

    /// <summary>Counts what is read.</summary>
    private sealed class CountingStream(Stream inner) : ReadOnlyStream
    {
        public long Count { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Count += read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer,
            CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Count += read;
            return read;
        }
    }

    /// <summary>Hears nothing.</summary>
    private sealed class QuietLog : Core.Diagnostics.IEngineLog
    {
        public void High(string message)
        {
        }

        public void Normal(string message)
        {
        }

        public void Low(string message)
        {
        }

        public void Warning(Core.Diagnostics.Diagnostic diagnostic)
        {
        }
    }
}
