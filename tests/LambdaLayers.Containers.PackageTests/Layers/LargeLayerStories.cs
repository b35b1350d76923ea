using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.PackageTests.Layers;

public sealed partial class LargeLayerStories
{
    private const string Layer = "arn:aws:lambda:us-east-1:580247275435:layer:large:1";
    private const int Mega = 1 << 20;
    private const int Entries = 10;
    private const int EntrySize = 25 * Mega;

    // The peak of the process that builds, from within: the shell's parent.
    private const string ReportPeak = """
        <Project>
          <Target Name="ReportPeak" AfterTargets="PublishContainer">
            <Exec Command="grep VmHWM /proc/$PPID/status" />
          </Target>
        </Project>
        """;

    [Test]
    public async Task A_250_MB_layer_over_a_line_that_is_cut_five_times_arrives_whole_in_constant_memory()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("needs /proc");
        }

        await using var build = await LayerBuild.StartAsync();
        using var root = new TempRoot();
        var layer = build.Aws.Layers.Add(Layer, WriteZip(root));
        layer.Faults.Cuts = 5;
        layer.Faults.CutAfterBytes = 40 * Mega;
        build.Sandbox.Write("Directory.Build.targets", ReportPeak);
        // Without layers an empty base is served too: what is compared is the layer alone.
        build.WriteProject("");
        var without = Peak((await build.PublishAsync()).EnsureSucceeded().Output);
        build.WriteProject($"""<LambdaLayer Include="{Layer}" />""");

        var result = (await build.PublishAsync()).EnsureSucceeded();

        var downloads = build.Aws.Calls.Where(c => c.Service == "s3").ToList();
        var pushed = build.Registry.UploadedBytes("fn");
        var growth = Peak(result.Output) - without;
        TestContext.Out.WriteLine($"peak working set {without / Mega} MB without, {growth / Mega} MB more with the layer");
        Assert.Multiple(() =>
        {
            Assert.That(downloads, Has.Count.EqualTo(6), "five cuts, each resumed");
            Assert.That(pushed, Is.GreaterThan((long)Entries * EntrySize));
            Assert.That(growth, Is.LessThan(64 * Mega));
        });
    }

    private static long Peak(string output) =>
        long.Parse(PeakLine().Match(output).Groups[1].Value, CultureInfo.InvariantCulture) * 1024;

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex PeakLine();

    // Random bytes, so that the zip is as large as what is in it.
    private static string WriteZip(TempRoot root)
    {
        var path = root.File("large.zip");
        var random = new Random(1);
        var block = new byte[Mega];
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        for (var i = 0; i < Entries; i++)
        {
            using var entry = zip.CreateEntry(string.Create(CultureInfo.InvariantCulture, $"data/{i}.bin"), CompressionLevel.Fastest)
                .Open();
            for (var written = 0; written < EntrySize; written += block.Length)
            {
                random.NextBytes(block);
                entry.Write(block);
            }
        }

        return path;
    }
}
