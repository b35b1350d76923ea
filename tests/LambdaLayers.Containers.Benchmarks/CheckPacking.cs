using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using ICSharpCode.SharpZipLib.Zip.Compression;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// Packs generated zips in every mode, in processes with one and with two cores, and reads the blobs with other
/// implementations: one gzip member, the same files everywhere.
/// </summary>
internal static class CheckPacking
{
    private const int ToolsEvery = 50;
    private const int ImagesEvery = 500;

    private static readonly string[] Modes = ["Reuse", "Fastest", "Optimal", "Smallest"];

    public static async Task<int> RunAsync(int count)
    {
        using var root = new TempRoot();
        var zips = root.Folder("zips");
        for (var seed = 0; seed < count; seed++)
            await File.WriteAllBytesAsync(Path.Combine(zips, $"{seed:d6}.zip"), Generate(new Random(seed)).Build());
        var mine = await DigestsAsync(zips);
        foreach (var cores in new[] { "1", "2" })
        {
            if (!(await InChildAsync(zips, cores)).SequenceEqual(mine))
                return Fail($"With {cores} cores the digests differ.");
        }

        foreach (var zip in Directory.GetFiles(zips).Order(StringComparer.Ordinal))
        {
            var number = int.Parse(Path.GetFileNameWithoutExtension(zip), CultureInfo.InvariantCulture);
            foreach (var mode in Modes)
                await ReadAsync(zip, mode, number, root);
        }

        Console.WriteLine($"{count} zips, {Modes.Length} modes: the same bytes with 1 and 2 cores, one member, the same files everywhere.");
        return 0;
    }

    /// <summary>One line for each zip of a folder and mode.</summary>
    public static async Task<int> PrintDigestsAsync(string folder)
    {
        foreach (var digest in await DigestsAsync(folder))
            Console.WriteLine(digest);
        return 0;
    }

    private static async Task<List<string>> DigestsAsync(string folder)
    {
        var digests = new List<string>();
        foreach (var zip in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            foreach (var mode in Modes)
                digests.Add((await PackAsync(zip, mode, Stream.Null)).Digest.ToString());
        }

        return digests;
    }

    private static async Task<string[]> InChildAsync(string folder, string cores)
    {
        var command = new ToolCommand("dotnet", [typeof(CheckPacking).Assembly.Location, "digests", folder])
        {
            Environment = new Dictionary<string, string?> { ["DOTNET_PROCESSOR_COUNT"] = cores },
        };
        var result = await ToolRunner.RunAsync(command, CancellationToken.None);
        return result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<PackedLayer> PackAsync(string zip, string mode, Stream output)
    {
        using var tree = ZipTree.Open(zip);
        var options = new PackOptions("/opt", PackOptions.ZipEpoch) { Compression = Compression.Parse(mode) };
        return await new LayerPacker().PackAsync(tree, options, output, CancellationToken.None);
    }

    private static async Task ReadAsync(string zip, string mode, int number, TempRoot root)
    {
        using var blob = new MemoryStream();
        var packed = await PackAsync(zip, mode, blob);
        var inflater = new Inflater(noHeader: true);
        inflater.SetInput(blob.GetBuffer(), 10, (int)blob.Length - 10);
        var buffer = new byte[1 << 16];
        while (!inflater.IsFinished && inflater.Inflate(buffer) > 0)
        {
        }

        Require(inflater.IsFinished && inflater.TotalIn == blob.Length - 18, zip, mode, "is not one member");
        Require(Expected(zip).SequenceEqual(Actual(blob)), zip, mode, "has other files");
        if (number % ToolsEvery == 0)
            await ReadWithToolsAsync(zip, mode, packed, blob.ToArray(), images: number % ImagesEvery == 0, root);
    }

    private static async Task ReadWithToolsAsync(string zip, string mode, PackedLayer packed, byte[] blob, bool images, TempRoot root)
    {
        var file = root.File("blob.tar.gz");
        await File.WriteAllBytesAsync(file, blob);
        IReadOnlyList<string>? first = null;
        foreach (var (tool, listing) in await UnpackEverywhere.RunAsync(file, packed, images, root))
            Require((first ??= listing).SequenceEqual(listing), zip, mode, $"is read otherwise by {tool}");
    }

    /// <summary>The layers that AWS publishes, in every mode, read by every tool, against what unzip makes of the zip.</summary>
    public static async Task<int> RunRealAsync()
    {
        using var root = new TempRoot();
        foreach (var zip in await RealLayers.AllAsync())
        {
            var unzipped = root.Folder("unzipped", Guid.NewGuid().ToString("n"));
            await ToolRunner.RunAsync(
                new ToolCommand(Tools.Require("unzip"), ["-q", zip, "-d", unzipped])
                {
                    Environment = new Dictionary<string, string?> { ["TZ"] = "UTC" },
                },
                CancellationToken.None);
            var expected = FileListing.Of(unzipped);
            Directory.Delete(unzipped, recursive: true);
            var diffIds = new HashSet<string>();
            foreach (var mode in Modes)
            {
                var blob = root.File("layer.tar.gz");
                PackedLayer packed;
                await using (var output = File.Create(blob))
                    packed = await PackAsync(zip, mode, output);
                diffIds.Add(packed.DiffId.ToString());
                foreach (var (tool, listing) in await UnpackEverywhere.RunAsync(blob, packed, images: true, root))
                    Require(UnderOpt(listing).SequenceEqual(expected), zip, mode, $"is read otherwise by {tool}");
            }

            Require(diffIds.Count == 1, zip, "all modes", "has several tars");
            Console.WriteLine($"{Path.GetFileName(zip)}: {expected.Count} entries, the same in {Modes.Length} modes and everywhere.");
        }

        return 0;
    }

    private static IEnumerable<string> UnderOpt(IReadOnlyList<string> listing) =>
        listing.Where(line => line.StartsWith("opt/", StringComparison.Ordinal)).Select(line => line["opt/".Length..]);

    private static IEnumerable<string> Expected(string zip)
    {
        using var archive = ZipFile.OpenRead(zip);
        return [.. archive.Entries.Select(e => Line("opt/" + e.FullName, e.Open())).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Actual(MemoryStream blob)
    {
        blob.Position = 0;
        using var gzip = new GZipStream(blob, CompressionMode.Decompress, leaveOpen: true);
        using var tar = new TarReader(gzip);
        var lines = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType == TarEntryType.RegularFile)
                lines.Add(Line(entry.Name, entry.DataStream ?? Stream.Null));
        }

        return lines.Order(StringComparer.Ordinal);
    }

    private static string Line(string name, Stream content)
    {
        using (content)
            return $"{name} {Convert.ToHexString(SHA256.HashData(content))}";
    }

    // All kinds of blocks, empty files, stored entries, descriptors, Zip64; now and then many tiny files, or a huge one.
    private static ZipBuilder Generate(Random random)
    {
        var zip = new ZipBuilder();
        var (count, largest) = random.Next(12) switch
        {
            0 => (600, 300),
            1 => (1, 3_000_000),
            _ => (random.Next(1, 12), 60_000),
        };
        for (var i = 0; i < count; i++)
        {
            var content = Content(random, random.Next(8) == 0 ? 0 : random.Next(largest));
            var stored = random.Next(5) == 0;
            zip.Add(new ZipItem($"d{i % 7}/{i}")
            {
                Content = content,
                Method = stored ? 0 : 8,
                RawData = stored ? null : Deflate(random, content),
                Descriptor = random.Next(4) == 0,
                Zip64 = random.Next(4) == 0,
            });
        }

        return zip;
    }

    private static byte[] Content(Random random, int length)
    {
        var content = new byte[length];
        var letters = random.Next(1, 256);
        for (var i = 0; i < length;)
        {
            var run = Math.Min(random.Next(1, 400), length - i);
            if (i > 0 && random.Next(2) == 0)
            {
                for (var from = random.Next(i); run > 0; run--)
                    content[i++] = content[from++];
                continue;
            }

            for (; run > 0; run--)
                content[i++] = (byte)random.Next(letters);
        }

        return content;
    }

    private static byte[] Deflate(Random random, byte[] content)
    {
        if (content.Length == 0)
            return [3, 0];
        var options = new ZLibCompressionOptions
        {
            CompressionLevel = random.Next(10),
            CompressionStrategy = (ZLibCompressionStrategy)random.Next(5),
        };
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(bytes, options))
        {
            deflate.Write(content, 0, content.Length / 2);
            deflate.Flush();
            deflate.Write(content, content.Length / 2, content.Length - (content.Length / 2));
        }

        return bytes.ToArray();
    }

    private static void Require(bool condition, string zip, string mode, string what)
    {
        if (!condition)
            throw new InvalidOperationException($"{Path.GetFileName(zip)}, {mode}: the blob {what}.");
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
