namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// Lets one of several builds make a blob while the others wait for it. It saves work and nothing more: the cache is
/// right without it too, so it is given up where file locks do not work or take too long. The system drops the lock of
/// a process that dies.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    // A holder that has stalled must not stop everybody else for good.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream? _file;

    private CacheLock(FileStream? file) => _file = file;

    /// <summary>Waits until nobody else holds the lock at <paramref name="path"/>.</summary>
    public static async Task<CacheLock> AcquireAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return new CacheLock(new FileStream(path, Options()));
            }
            catch (IOException) when (File.Exists(path) && time.GetElapsedTime(start) < Longest)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (Exception e) when (FileErrors.Is(e))
            {
                return new CacheLock(null);
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    // Another user who may open the file could hold it, and this build with it.
    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 1,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
