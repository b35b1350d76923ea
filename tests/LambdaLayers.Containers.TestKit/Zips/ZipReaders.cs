using System.Text.Json;

namespace LambdaLayers.Containers.TestKit.Zips;

/// <summary>What a reader finds in one zip.</summary>
/// <param name="Files">Names, each with its kind (<c>f</c>, <c>l</c>, <c>?</c> for unknown) and the SHA-256 of content or target.</param>
/// <param name="Error">Why the reader refuses it; null when it does not.</param>
public sealed record ZipListing(IReadOnlyDictionary<string, string> Files, string? Error);

/// <summary>Programs and libraries of others that read zips; each reads all zips of a folder in one process.</summary>
public sealed class ZipReaders
{
    // The newest when this was written.
    private static readonly string[] NodePackages = ["yauzl@3.4.0", "jszip@3.10.2"];

    private readonly List<(string Name, ToolCommand Command)> _readers = [];

    private ZipReaders()
    {
    }

    /// <summary>No other reader: only what we say ourselves.</summary>
    public static ZipReaders None { get; } = new();

    public IEnumerable<string> Names => _readers.Select(reader => reader.Name);

    /// <summary>Those that this machine has.</summary>
    public static async Task<ZipReaders> FindAsync()
    {
        var found = new ZipReaders();
        found.Add("python3", "read_zips.py", "python");
        foreach (var program in (string[])["unzip", "bsdtar", "7z"])
        {
            if (Tools.Find(program) is not null)
                found.Add("python3", "read_zips.py", program);
        }

        if (Tools.Find("bsdtar") is not null)
            found.Add("python3", "read_zips.py", "bsdtar-stream");
        if (Tools.Find("javac") is not null)
        {
            found.Add("java", "ReadZips.java", "java");
            found.Add("java", "ReadZips.java", "java-stream");
        }

        if (File.Exists("/usr/share/perl5/Archive/Zip.pm"))
            found.Add("perl", "read_zips.pl");
        if (await FindNodePackagesAsync() is { } packages)
        {
            foreach (var package in (string[])["yauzl", "jszip"])
                found.Add("node", "read_zips.js", package, new() { ["NODE_PATH"] = packages });
        }

        return found;
    }

    /// <summary>What each reader finds in the zips of <paramref name="folder"/>: by reader, by zip.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, ZipListing>>> ReadAsync(string folder)
    {
        var all = new Dictionary<string, IReadOnlyDictionary<string, ZipListing>>();
        foreach (var (name, command) in _readers)
        {
            var result = await ToolRunner.RunAsync(command with { Arguments = [.. command.Arguments, folder] }, CancellationToken.None);
            all[name] = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)
                .ToDictionary(line => line.Zip, line => line.Listing);
        }

        return all;
    }

    private static (string Zip, ZipListing Listing) Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var files = root.TryGetProperty("files", out var listed)
            ? listed.EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetString()!)
            : [];
        return (root.GetProperty("zip").GetString()!,
            new ZipListing(files, root.TryGetProperty("error", out var error) ? error.GetString() : null));
    }

    private static async Task<string?> FindNodePackagesAsync()
    {
        if (Tools.Find("npm") is not { } npm)
            return null;
        var folder = Path.Combine(Path.GetTempPath(), "llc-zip-readers");
        var modules = Path.Combine(folder, "node_modules");
        try
        {
            if (!NodePackages.All(package => Directory.Exists(Path.Combine(modules, package.Split('@')[0]))))
            {
                Directory.CreateDirectory(folder);
                string[] arguments = ["install", "--silent", "--no-save", "--fetch-retries=1", "--prefix", folder, .. NodePackages];
                await ToolRunner.RunAsync(new ToolCommand(npm, arguments), CancellationToken.None);
            }

            return modules;
        }
        catch (ToolException)
        {
            return null; // the registry cannot be reached
        }
    }

    private void Add(string program, string script, string argument = "", Dictionary<string, string?>? environment = null)
    {
        if (Tools.Find(program) is not { } path)
            return;
        var file = Repository.PathOf("tests", "LambdaLayers.Containers.TestKit", "Zips", "Readers", script);
        string[] arguments = argument.Length == 0 ? [file] : [file, argument];
        _readers.Add((argument.Length == 0 ? program : argument, new ToolCommand(path, arguments)
        {
            Environment = environment ?? [],
            Timeout = TimeSpan.FromMinutes(30),
        }));
    }
}
