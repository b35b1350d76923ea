using System.Formats.Tar;
using System.IO.Compression;

namespace LambdaLayers.Containers.TestKit;

/// <summary>
/// Layer zips that AWS publishes inside npm packages, fetched once into the folder that LLC_TEST_CACHE names, or a
/// folder of the system's temporary one.
/// </summary>
public static class NpmPackages
{
    private const string LayerZip = "package/lib/layer.zip";

    /// <summary>
    /// The path of the layer zip in a package, as <c>@scope/name@1.2.3</c>. The test is skipped with the reason when the
    /// registry cannot be reached.
    /// </summary>
    public static async Task<string> LayerZipAsync(string package)
    {
        var npm = Tools.Require("npm");
        var file = Path.Combine(CacheFolder(), package.Replace('/', '-').TrimStart('@') + ".zip");
        if (File.Exists(file))
            return file;
        using var root = new TempRoot();
        try
        {
            await ToolRunner.RunAsync(
                new ToolCommand(npm, ["pack", package, "--silent", "--fetch-retries=1", "--pack-destination", root.Path])
                {
                    WorkingDirectory = root.Path,
                },
                CancellationToken.None);
        }
        catch (ToolException e)
        {
            Tools.Skip($"The npm package {package} cannot be fetched: {e.Message}");
        }

        Extract(Directory.GetFiles(root.Path, "*.tgz").Single(), root.File("layer.zip"));
        Directory.CreateDirectory(CacheFolder());
        File.Move(root.File("layer.zip"), file, overwrite: true);
        return file;
    }

    private static string CacheFolder() => Environment.GetEnvironmentVariable("LLC_TEST_CACHE") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Path.GetTempPath(), "llc-test-cache");

    private static void Extract(string package, string destination)
    {
        using var gzip = new GZipStream(File.OpenRead(package), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name != LayerZip)
                continue;
            entry.ExtractToFile(destination, overwrite: true);
            return;
        }

        throw new InvalidOperationException($"{package} holds no {LayerZip}.");
    }
}
