using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;

namespace LambdaLayers.Containers.TestKit.Zips;

/// <summary>
/// Packs zips of <see cref="ZipMutator"/>, and compares the files of each layer that comes out with what others read in the
/// same zip: whatever two readers see differently must not become a layer.
/// </summary>
/// <remarks>
/// Two habits of honest tools are read in two ways by everybody, and we take a side: letters beyond ASCII in names without the
/// flag for UTF-8 (macOS writes them; some take them for code page 437) and from Windows (unzip takes those for a code page
/// whatever the flag says), which are compared without their names; and backslashes in names that were made on Windows, which
/// are separators to us, and at the end make a folder.
/// </remarks>
public sealed class ZipComparison
{
    private readonly SortedDictionary<string, int> _refused = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _refusedByOthers = new(StringComparer.Ordinal);
    private readonly List<string> _findings = [];

    public int Tried { get; private set; }

    public int Accepted { get; private set; }

    /// <summary>By code, how many zips are refused.</summary>
    public IReadOnlyDictionary<string, int> Refused => _refused;

    /// <summary>Zips that we take, and that another reader sees differently; and what ended in anything but a coded error.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Makes and compares <paramref name="count"/> zips, the first of them of the seed <paramref name="first"/>.</summary>
    public async Task RunAsync(ZipReaders readers, int first, int count)
    {
        using var root = new TempRoot();
        var ours = new Dictionary<string, Layer>();
        for (var seed = first; seed < first + count; seed++)
        {
            var path = root.File(string.Create(CultureInfo.InvariantCulture, $"{seed}.zip"));
            await File.WriteAllBytesAsync(path, ZipMutator.Make(seed));
            if (await TryPackAsync(path) is { } layer)
                ours[Path.GetFileName(path)] = layer;
            else
                File.Delete(path);
        }

        foreach (var (reader, listings) in await readers.ReadAsync(root.Path))
        {
            foreach (var (zip, layer) in ours)
                Compare(zip, layer, reader, listings[zip]);
        }
    }

    /// <summary>A table of what happened.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"zips tried {Tried}, accepted {Accepted}, refused {Tried - Accepted}, findings {_findings.Count}\n")
        + "refused: " + string.Join(", ", _refused.Select(x => $"{x.Key} {x.Value}")) + "\n"
        + "accepted by us, refused by: " + string.Join(", ", _refusedByOthers.Select(x => $"{x.Key} {x.Value}")) + "\n"
        + string.Join('\n', _findings.Take(40));

    private async Task<Layer?> TryPackAsync(string path)
    {
        Tried++;
        try
        {
            using var tree = ZipTree.Open(path);
            using var blob = new MemoryStream();
            await new LayerPacker().PackAsync(tree, new PackOptions("/opt", PackOptions.ZipEpoch), blob, CancellationToken.None);
            Accepted++;
            blob.Position = 0;
            return Read(blob) with { Records = ReadRecords(path) };
        }
        catch (LayersException e)
        {
            _refused[e.Diagnostic.Code] = _refused.GetValueOrDefault(e.Diagnostic.Code) + 1;
        }
        catch (Exception e)
        {
            _findings.Add($"{Path.GetFileName(path)}: {e}");
        }

        return null;
    }

    private static Layer Read(Stream blob)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        using var tar = new TarReader(new GZipStream(blob, CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory)
                continue;
            var isLink = entry.EntryType == TarEntryType.SymbolicLink;
            var content = isLink ? SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(entry.LinkName))
                : entry.DataStream is null ? SHA256.HashData([]) : SHA256.HashData(entry.DataStream);
            files.Add(entry.Name["opt/".Length..], (isLink ? "l" : "f") + Convert.ToHexStringLower(content));
        }

        return new Layer(files, []);
    }

    private static List<ZipRecord> ReadRecords(string path)
    {
        using var file = File.OpenHandle(path);
        return ZipDirectory.Read(file, ZipEnd.Find(file), new LayerBudget(Limits.Default));
    }

    private void Compare(string zip, Layer ours, string reader, ZipListing listing)
    {
        if (listing.Error is not null)
        {
            _refusedByOthers[reader] = _refusedByOthers.GetValueOrDefault(reader) + 1;
            return;
        }

        var encoded = ours.Records.Exists(record =>
            ((record.Flags & 0x800) == 0 || record.IsFromWindows) && record.Name.Any(letter => letter > '~'));
        var windows = ours.Records.Exists(record => record.IsFromWindows && record.Name.Contains('\\', StringComparison.Ordinal));
        var (expected, found) = encoded
            ? (Contents(ours.Files), Contents(listing.Files))
            : (ours.Files.Select(file => Line(file.Key, file.Value)),
                listing.Files.Where(file => !windows || !file.Key.EndsWith('\\'))
                    .Select(file => Line(NameOf(file.Key, windows), file.Value)));
        var differences = Missing(expected, found).Select(line => $"only here {line}")
            .Concat(Missing(found, expected).Select(line => $"only there {line}")).ToList();
        if (differences.Count > 0)
            _findings.Add($"{zip}: {reader}: {string.Join("; ", differences)}");
    }

    private static IEnumerable<string> Contents(IReadOnlyDictionary<string, string> files) => files.Values.Select(value => value[1..]);

    private static string Line(string name, string value) => $"{DisplayText.Name(name)} {value}";

    private static string NameOf(string name, bool windows) => string.Join(
        '/', (windows ? name.Replace('\\', '/') : name).Split('/').Where(segment => segment is not ("" or ".")));

    // Readers that do not know links list them as files.
    private static List<string> Missing(IEnumerable<string> from, IEnumerable<string> to)
    {
        var left = to.ToList();
        return [.. from.Where(line =>
        {
            var at = left.FindIndex(other => other == line || Unkinded(other, line));
            if (at >= 0)
                left.RemoveAt(at);
            return at < 0;
        })];
    }

    private static bool Unkinded(string one, string other)
    {
        var (first, second) = (one.LastIndexOf(' ') + 1, other.LastIndexOf(' ') + 1);
        return (one[first] == '?' || other[second] == '?') && one[..first] == other[..second]
            && one[(first + 1)..] == other[(second + 1)..];
    }

    /// <summary>What a zip became, and its records, for what is known to be read in two ways.</summary>
    private sealed record Layer(IReadOnlyDictionary<string, string> Files, List<ZipRecord> Records);
}
