namespace LambdaLayers.Containers.Core.Content;

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
