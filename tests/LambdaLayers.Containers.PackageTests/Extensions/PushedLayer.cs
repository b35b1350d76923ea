using System.Formats.Tar;
using System.IO.Compression;

namespace LambdaLayers.Containers.PackageTests.Extensions;

/// <summary>One layer of a pushed image.</summary>
/// <param name="Digest">Of the compressed blob.</param>
/// <param name="Path">The blob on this machine.</param>
internal sealed record PushedLayer(string Digest, string Path)
{
    /// <summary>Names of its files, in order.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            var names = new List<string>();
            using var tar = Open();
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is not TarEntryType.Directory)
                    names.Add(entry.Name);
            }

            return names;
        }
    }

    /// <summary>The text of one file.</summary>
    public string Text(string name)
    {
        using var tar = Open();
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
                return new StreamReader(entry.DataStream!).ReadToEnd();
        }

        throw new AssertionException($"The layer has no {name}, only {string.Join(", ", Files)}.");
    }

    /// <summary>Unpacks it below a folder.</summary>
    public void UnpackTo(string folder)
    {
        Directory.CreateDirectory(folder);
        using var gzip = new GZipStream(File.OpenRead(Path), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(gzip, folder, overwriteFiles: false);
    }

    private TarReader Open() => new(new GZipStream(File.OpenRead(Path), CompressionMode.Decompress));
}
