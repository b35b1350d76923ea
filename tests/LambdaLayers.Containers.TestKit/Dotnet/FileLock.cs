namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>A lock between processes: an exclusively opened file. The system frees it when its holder dies.</summary>
public sealed class FileLock : IAsyncDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <exception cref="TimeoutException">Another process held it for the whole time.</exception>
    public static async Task<FileLock> AcquireAsync(string path, TimeSpan patience)
    {
        for (var deadline = DateTime.UtcNow + patience; ; await Task.Delay(100))
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (DateTime.UtcNow < deadline)
            {
                // Held elsewhere: ask again.
            }
            catch (IOException e)
            {
                throw new TimeoutException($"'{path}' stayed locked for {patience}.", e);
            }
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
