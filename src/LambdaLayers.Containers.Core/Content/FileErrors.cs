using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>LLC5001 and LLC5010: files of this machine. What only one feature writes has its own message beside it.</summary>
internal static class FileErrors
{
    /// <summary>Whether <paramref name="exception"/> is the file system's, and so the world's fault.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static LayersException CannotRead(string path, Exception cause) =>
        new("LLC5001", $"'{path}' cannot be read: {cause.Message}", cause);

    /// <summary>LLC5010 when the disk or the user's quota is full; what <paramref name="otherwise"/> makes of it if not.</summary>
    public static LayersException CannotWrite(string path, Exception cause, Func<Exception, LayersException> otherwise) =>
        cause is IOException io && DiskFull.Is(io)
            ? new LayersException(
                "LLC5010",
                $"There is no space left to write '{path}'. Free some, run the target CleanLambdaLayersCache, or move the "
                + "cache: <LambdaLayersCacheDirectory>/path/with/space</LambdaLayersCacheDirectory>.",
                cause)
            : otherwise(cause);
}

/// <summary>Tells a full disk from other failures of writing.</summary>
internal static class DiskFull
{
    // https://learn.microsoft.com/windows/win32/debug/system-error-codes: ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL.
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    // .NET passes errno on as HResult: ENOSPC, and EDQUOT of Linux and of macOS.
    private const int NoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;

    /// <summary>Whether there was no space left, on the volume or in the user's quota.</summary>
    public static bool Is(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is WindowsDiskFull or WindowsHandleDiskFull
        : exception.HResult == NoSpace || exception.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);
}
