namespace LambdaLayers.Containers.TestKit;

/// <summary>A folder of a test's own outside the repository, gone afterwards.</summary>
public sealed class TempRoot : IDisposable
{
    public TempRoot()
    {
        Path = Directory.CreateTempSubdirectory("llc-").FullName;
    }

    public string Path { get; }

    /// <summary>One that lives as long as the process that runs the tests.</summary>
    public static TempRoot ForTheRun()
    {
        var root = new TempRoot();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => root.Dispose();
        return root;
    }

    /// <summary>A path below the root; its folders exist afterwards.</summary>
    public string File(params string[] segments)
    {
        var path = System.IO.Path.Combine([Path, .. segments]);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>A folder below the root, created.</summary>
    public string Folder(params string[] segments) =>
        Directory.CreateDirectory(System.IO.Path.Combine([Path, .. segments])).FullName;

    /// <summary>Writes a text file below the root and gives its path.</summary>
    public string Write(string relative, string text)
    {
        var path = File(relative.Split('/'));
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that the test started may still hold a file; the system's temp cleaner takes it.
        }
    }
}
