using System.Diagnostics;
using System.IO.Compression;
using System.Runtime;
using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Folders;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// Real layer zips, packed by us, against the floor (inflating and hashing on one thread, without any output) and the
/// shell recipe; their files, packed as a folder, against gzip of the runtime. Medians of five, in turns, in one run, once the
/// runtime has compiled what runs often. What is short is done several times in its turn, and the mean of those counts: a virtual
/// processor that idled while the one before it took its turn gets a thread only after some milliseconds.
/// </summary>
internal static class ComparePacking
{
    private const int Repetitions = 5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(string[] zips)
    {
        if (zips.Length == 0)
            zips = await Task.WhenAll(RealLayers.Three.Select(NpmPackages.LayerZipAsync));
        using var root = new TempRoot();
        Console.WriteLine("| zip | bytes | floor ms | pack ms | pack / floor | recipe ms | recipe / pack | blob / zip |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var zip in zips)
            await CompareZipAsync(zip, root);
        Console.WriteLine();
        Console.WriteLine("| folder | bytes | gzip Optimal ms | pack ms | gzip / pack | size / gzip's |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (zip, i) in zips.Select((z, i) => (z, i)))
            await CompareFolderAsync(zip, root, root.Folder($"unpacked{i}"));
        return 0;
    }

    private static async Task CompareZipAsync(string zip, TempRoot root)
    {
        var blob = root.File("layer.tar.gz");
        var (floor, pack, recipe) = (new List<double>(), new List<double>(), new List<double>());
        await WarmUpAsync(() =>
        {
            InflateAndHash(zip);
            return PackAsync(ZipTree.Open(zip), blob);
        });

        for (var i = 0; i < Repetitions; i++)
        {
            await MeasureAsync(floor, () => InflateAndHash(zip));
            await MeasureAsync(pack, () => PackAsync(ZipTree.Open(zip), blob));
            await MeasureAsync(recipe, () => UnpackAndTarAsync(zip, root));
        }

        var (f, p, r) = (Median(floor), Median(pack), Median(recipe));
        var (zipSize, blobSize) = (new FileInfo(zip).Length, new FileInfo(blob).Length);
        Console.WriteLine(
            $"| {Path.GetFileName(zip)} | {zipSize:N0} | {f:0} | {p:0} | {p / f:0.00} | {r:0} | {r / p:0.0} | {(double)blobSize / zipSize:0.000} |");
    }

    private static async Task CompareFolderAsync(string zip, TempRoot root, string folder)
    {
        await ToolRunner.RunAsync("unzip", "-q", zip, "-d", folder);
        var tar = root.File("folder.tar");
        await ToolRunner.RunAsync("tar", "-cf", tar, "-C", folder, ".");
        var blob = root.File("folder.tar.gz");
        var (gzip, pack, size) = (new List<double>(), new List<double>(), 0L);
        await WarmUpAsync(() => PackAsync(DirectoryTree.Open(folder), blob));
        for (var i = 0; i < Repetitions; i++)
        {
            await MeasureAsync(gzip, () => size = Gzip(tar));
            await MeasureAsync(pack, () => PackAsync(DirectoryTree.Open(folder), blob));
        }

        var (g, p) = (Median(gzip), Median(pack));
        Console.WriteLine(
            $"| {Path.GetFileName(zip)} | {new FileInfo(tar).Length:N0} | {g:0} | {p:0} | {g / p:0.0} | {(double)new FileInfo(blob).Length / size:0.000} |");
    }

    private static void InflateAndHash(string zip)
    {
        using var tree = ZipTree.Open(zip);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        foreach (var entry in tree.Entries.Where(e => e.Open is not null))
        {
            using var content = entry.Open!();
            for (int read; (read = content.Read(buffer)) > 0;)
                hash.AppendData(buffer, 0, read);
        }

        hash.GetHashAndReset();
    }

    private static async Task PackAsync(LayerTree tree, string blob)
    {
        using (tree)
        await using (var output = File.Create(blob))
            await new LayerPacker().PackAsync(tree, new PackOptions("/opt", PackOptions.ZipEpoch), output, CancellationToken.None);
    }

    private static Task<ToolResult> UnpackAndTarAsync(string zip, TempRoot root)
    {
        var folder = root.Folder("recipe/" + Guid.NewGuid().ToString("n"));
        return ToolRunner.RunAsync(
            "bash", "-c", $"unzip -q '{zip}' -d '{folder}/opt' && tar -C '{folder}' -cf - opt | gzip -6 > '{folder}/layer.tar.gz'");
    }

    private static long Gzip(string tar)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
        using (var input = File.OpenRead(tar))
            input.CopyTo(gzip);
        return output.Length;
    }

    // Until the runtime has not compiled anything for a while: it does that on the same processors.
    private static async Task WarmUpAsync(Func<Task> action)
    {
        var (clock, compiled, since) = (Stopwatch.StartNew(), 0L, TimeSpan.Zero);
        while (clock.Elapsed < WarmUp && clock.Elapsed - since < Calm)
        {
            await action();
            if (JitInfo.GetCompiledMethodCount() is var count && count != compiled)
                (compiled, since) = (count, clock.Elapsed);
        }
    }

    private static Task MeasureAsync(List<double> times, Action action) => MeasureAsync(times, () =>
    {
        action();
        return Task.CompletedTask;
    });

    private static async Task MeasureAsync(List<double> times, Func<Task> action)
    {
        var (clock, count) = (Stopwatch.StartNew(), 0);
        for (; clock.Elapsed < Turn; count++)
            await action();
        times.Add(clock.Elapsed.TotalMilliseconds / count);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
