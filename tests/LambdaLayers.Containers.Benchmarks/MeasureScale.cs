using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// How time grows with the number of a layer's entries, and memory with its size: the peak working set of a whole publish into
/// an archive, in one process, above that of the same project without layers.
/// </summary>
internal static class MeasureScale
{
    private const int Repetitions = 5;
    private const int Megabyte = 1_000_000;

    private static readonly int[] Counts = [1_000, 10_000, 100_000];

    // Python's view of what its child and the child's children used: Linux reports kilobytes.
    private const string PeakOf =
        "import resource, subprocess, sys; r = subprocess.call(sys.argv[1:], stdout=sys.stderr); "
            + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(r)";

    public static async Task<int> RunAsync(string part)
    {
        if (part is "all" or "entries")
            await TimesAsync();
        Console.WriteLine();
        if (part is "all" or "memory")
            await MemoryAsync();
        return 0;
    }

    private static async Task TimesAsync()
    {
        using var root = new TempRoot();
        Console.WriteLine("| entries | ms | microseconds an entry |");
        Console.WriteLine("|---|---|---|");
        foreach (var count in Counts)
        {
            var zip = root.File($"{count}.zip");
            WriteSmallFiles(zip, count);
            var times = new List<double>();
            for (var i = 0; i <= Repetitions; i++)
            {
                var clock = Stopwatch.StartNew();
                using var tree = ZipTree.Open(zip);
                await new LayerPacker().PackAsync(
                    tree, new PackOptions("/opt", PackOptions.ZipEpoch), Stream.Null, CancellationToken.None);
                if (i > 0)
                    times.Add(clock.Elapsed.TotalMilliseconds);
            }

            var median = times.Order().ElementAt(Repetitions / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count:N0} | {median:0} | {median * 1000 / count:0.0} |"));
        }
    }

    private static async Task MemoryAsync()
    {
        using var sandbox = await DotnetSandbox.CreateAsync();
        var project = new FunctionProject
        {
            Properties = """
                <ContainerArchiveOutputPath>$(MSBuildProjectDirectory)/../image.tar.gz</ContainerArchiveOutputPath>
                <LambdaVerify>false</LambdaVerify>
                """,
            Items = """<LambdaLayer Include="$(Layer)" Condition="'$(Layer)' != ''" />""",
        }.Write(sandbox);
        (await sandbox.BuildAsync(project, "-c", "Release")).EnsureSucceeded();
        Console.WriteLine("| layer | peak working set, MB | above none |");
        Console.WriteLine("|---|---|---|");
        var none = await PeakAsync(sandbox, project, "");
        Console.WriteLine($"| none | {none} | |");
        foreach (var megabytes in new[] { 250, 2000 })
        {
            var zip = sandbox.File($"{megabytes}.zip");
            WriteLargeFile(zip, megabytes);
            var peak = await PeakAsync(sandbox, project, zip);
            Console.WriteLine($"| {megabytes} MB | {peak} | {peak - none} |");
            File.Delete(zip);
        }
    }

    private static async Task<long> PeakAsync(DotnetSandbox sandbox, string project, string layer)
    {
        var peaks = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            var command = new ToolCommand(
                Tools.Require("python3"),
                [
                    "-c", PeakOf, Tools.Require("dotnet"), "publish", project, "-c", "Release", "--no-build", "-m:1", "-nodeReuse:false",
                    "-t:PublishContainer", $"-p:Layer={layer}",
                    $"-p:LambdaLayersCacheDirectory={sandbox.File("cache", Guid.NewGuid().ToString("n"))}",
                    $"-p:LambdaLayersTestVersion={sandbox.Package!.Version}",
                ])
            {
                WorkingDirectory = Path.GetDirectoryName(project)!,
                Environment = sandbox.Environment,
            };
            var result = await ToolRunner.RunAsync(command, CancellationToken.None);
            peaks.Add(long.Parse(result.StandardOutput.Trim(), CultureInfo.InvariantCulture) * 1024 / Megabyte);
        }

        return peaks.Order().ElementAt(1);
    }

    private static void WriteSmallFiles(string path, int count)
    {
        var random = new Random(1);
        var content = new byte[2000];
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        for (var i = 0; i < count; i++)
        {
            for (var at = 0; at < content.Length; at++)
                content[at] = (byte)('a' + random.Next(at % 20 + 1));
            using var file = zip.CreateEntry($"d{i / 500}/{i}.txt", CompressionLevel.Fastest).Open();
            file.Write(content);
        }
    }

    private static void WriteLargeFile(string path, int megabytes)
    {
        var content = new byte[Megabyte];
        new Random(1).NextBytes(content.AsSpan(0, content.Length / 3));
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var file = zip.CreateEntry("large.bin", CompressionLevel.Fastest).Open();
        for (var i = 0; i < megabytes; i++)
            file.Write(content);
    }
}
