using System.IO.Compression;
using System.Security.Cryptography;
using ICSharpCode.SharpZipLib.Zip.Compression;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// Packs generated zips in every mode, in processes with one and with two cores, and reads every blob with five other
/// implementations, and every zip's blob of one mode with a sixth: one gzip member, the same files everywhere.
/// </summary>
internal static class CheckPacking
{
    // Layers of one image for readers that want one.
    private const int ZipsTogether = 50;

    private static readonly string[] Modes = ["Reuse", "Fastest", "Optimal", "Smallest"];

    /// <param name="count">How many zips.</param>
    /// <param name="first">The number of the first one, for a run in parts.</param>
    public static async Task<int> RunAsync(int count, int first)
    {
        using var root = new TempRoot();
        var zips = root.Folder("zips");
        Parallel.For(first, first + count, seed =>
            File.WriteAllBytes(Path.Combine(zips, $"{seed:d6}.zip"), Generate(new Random(seed)).Build()));
        var children = await Task.WhenAll(InChildAsync(zips, "1"), InChildAsync(zips, "2"));
        if (!children[0].SequenceEqual(children[1]))
            return Fail("With one and with two cores the digests differ.");

        var expected = children[0].ToHashSet();
        var done = 0;
        await Parallel.ForEachAsync(
            Directory.GetFiles(zips).Order(StringComparer.Ordinal).Chunk(ZipsTogether),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (batch, _) =>
            {
                var tars = new Dictionary<string, Digest>();
                foreach (var mode in Modes)
                {
                    using var folder = new TempRoot();
                    foreach (var (blob, zip) in (await ReadAsync(batch, mode, folder)).Zip(batch))
                    {
                        Require(expected.Contains(LineOf(zip, mode, blob.Layer)), zip, mode, "is another one in another process");
                        Require(tars.TryAdd(zip, blob.Layer.DiffId) || tars[zip] == blob.Layer.DiffId, zip, mode, "has another tar");
                    }
                }

                Console.WriteLine($"{Interlocked.Add(ref done, batch.Length)} of {count}");
            });

        Console.WriteLine(
            $"{count} zips from {first} on, {Modes.Length} modes: the same bytes with 1 and 2 cores, one member, the same files for each reader.");
        return 0;
    }

    /// <summary>One line for each zip of a folder and mode.</summary>
    public static async Task<int> PrintDigestsAsync(string folder)
    {
        foreach (var zip in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            foreach (var mode in Modes)
                Console.WriteLine(LineOf(zip, mode, await PackAsync(zip, TargetPathOf(zip), mode, Stream.Null)));
        }

        return 0;
    }

    private static string LineOf(string zip, string mode, PackedLayer packed) => $"{TargetPathOf(zip)} {mode} {packed.Digest}";

    private static async Task<string[]> InChildAsync(string folder, string cores)
    {
        var command = new ToolCommand("dotnet", [typeof(CheckPacking).Assembly.Location, "digests", folder])
        {
            Environment = new Dictionary<string, string?> { ["DOTNET_PROCESSOR_COUNT"] = cores },
            Timeout = TimeSpan.FromHours(1),
        };
        var result = await ToolRunner.RunAsync(command, CancellationToken.None);
        return result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // Different for each zip, so that they can be layers of one image.
    private static string TargetPathOf(string zip) => "/opt/" + Path.GetFileNameWithoutExtension(zip);

    private static async Task<PackedLayer> PackAsync(string zip, string targetPath, string mode, Stream output)
    {
        using var tree = ZipTree.Open(zip);
        var options = new PackOptions(targetPath, PackOptions.ZipEpoch) { Compression = Compression.Parse(mode) };
        return await new LayerPacker().PackAsync(tree, options, output, CancellationToken.None);
    }

    private static async Task<PackedBlob> PackAsync(string zip, string targetPath, string mode, TempRoot folder)
    {
        var file = folder.File(Path.GetFileNameWithoutExtension(zip) + ".tar.gz");
        await using var output = File.Create(file);
        return new PackedBlob(file, targetPath, await PackAsync(zip, targetPath, mode, output));
    }

    private static async Task<IReadOnlyList<PackedBlob>> ReadAsync(string[] zips, string mode, TempRoot folder)
    {
        var blobs = new List<PackedBlob>();
        foreach (var zip in zips)
        {
            blobs.Add(await PackAsync(zip, TargetPathOf(zip), mode, folder));
            Require(IsOneMember(await File.ReadAllBytesAsync(blobs[^1].File)), zip, mode, "is not one member");
        }

        var forBuildah = blobs.Where((_, i) => i % Modes.Length == Array.IndexOf(Modes, mode)).ToList();
        var read = await UnpackEverywhere.RunAsync(blobs, forBuildah, folder);
        var first = read.Values.First();
        foreach (var (blob, zip) in blobs.Zip(zips))
        {
            Require(Expected(zip).SequenceEqual(FilesOf(first[blob])), zip, mode, "has other files");
            foreach (var (tool, listings) in read)
            {
                if (listings.TryGetValue(blob, out var listing))
                    Require(first[blob].SequenceEqual(listing), zip, mode, $"is read otherwise by {tool}");
            }
        }

        return blobs;
    }

    // By an implementation that has nothing to do with zlib or with ours: the header of ten bytes, the data, the trailer of eight.
    private static bool IsOneMember(byte[] blob)
    {
        var inflater = new Inflater(noHeader: true);
        inflater.SetInput(blob, 10, blob.Length - 10);
        var buffer = new byte[1 << 16];
        while (!inflater.IsFinished && inflater.Inflate(buffer) > 0)
        {
        }

        return inflater.IsFinished && inflater.TotalIn == blob.Length - 18;
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
                var blob = await PackAsync(zip, "/opt", mode, root);
                diffIds.Add(blob.Layer.DiffId.ToString());
                foreach (var (tool, listings) in await UnpackEverywhere.RunAsync([blob], [blob], root))
                    Require(listings[blob].SequenceEqual(expected), zip, mode, $"is read otherwise by {tool}");
            }

            Require(diffIds.Count == 1, zip, "all modes", "has several tars");
            Console.WriteLine($"{Path.GetFileName(zip)}: {expected.Count} entries, the same in {Modes.Length} modes and everywhere.");
        }

        return 0;
    }

    private static IEnumerable<string> Expected(string zip)
    {
        using var archive = ZipFile.OpenRead(zip);
        return [.. archive.Entries.Select(e => $"{e.FullName} {HashOf(e)}").Order(StringComparer.Ordinal)];
    }

    private static string HashOf(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        return Convert.ToHexString(SHA256.HashData(content));
    }

    private static IEnumerable<string> FilesOf(IReadOnlyList<string> listing) => listing.Select(line => line.Split(' '))
        .Where(words => words[^1] != "folder").Select(words => $"{words[0]} {words[^1]}").Order(StringComparer.Ordinal);

    // All kinds of blocks, empty files, stored entries, descriptors, Zip64; now and then many tiny files, or a huge one.
    private static ZipBuilder Generate(Random random)
    {
        var zip = new ZipBuilder();
        var (count, largest) = random.Next(100) switch
        {
            0 => (600, 300),
            < 6 => (1, 3_000_000),
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
