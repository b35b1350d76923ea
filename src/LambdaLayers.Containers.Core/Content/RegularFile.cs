namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// Opens files that a user, a project or a variable names: opening a FIFO would wait for ever, and reading a device never ends.
/// </summary>
internal static class RegularFile
{
    /// <exception cref="IOException">It is a special file, or a link to one; or what <see cref="File.OpenRead"/> throws.</exception>
    public static FileStream OpenRead(string path)
    {
        Demand(path);
        return File.OpenRead(path);
    }

    /// <summary>All of a document.</summary>
    /// <exception cref="IOException">As for <see cref="OpenRead"/>, and for more than <paramref name="limit"/> bytes.</exception>
    public static byte[] ReadAll(string path, int limit)
    {
        using var file = OpenRead(path);
        if (file.Length > limit)
            throw new IOException($"It has {file.Length} bytes; at most {limit} are taken.");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>All of a text, in UTF-8 or what its byte order mark says.</summary>
    /// <exception cref="IOException">As for <see cref="ReadAll"/>.</exception>
    public static string ReadText(string path, int limit)
    {
        using var text = new StreamReader(new MemoryStream(ReadAll(path, limit)));
        return text.ReadToEnd();
    }

    /// <exception cref="IOException">It is a FIFO, a device or a socket, or a link to one.</exception>
    public static void Demand(string path)
    {
        if (UnixFileType.SpecialBehind(path) is { } special)
            throw new IOException($"'{path}' is a {special}, not a file.");
    }
}
