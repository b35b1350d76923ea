using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// Tells FIFOs, sockets and devices from files before they are opened: .NET shows them as ordinary files, and opening
/// a FIFO waits for ever.
/// </summary>
internal static class UnixFileType
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int StatLength = 256; // struct statx; larger than any struct stat
    private const int LinuxModeOffset = 28;
    private const int MacModeOffset = 4;

    /// <summary>What kind of special file is at <paramref name="path"/>; null for files, folders, links and unknown ones.</summary>
    public static string? Special(string path) => (ModeOf(path) & 0xF000) switch
    {
        0x1000 => "FIFO",
        0x2000 => "character device",
        0x6000 => "block device",
        0xC000 => "socket",
        _ => null,
    };

    /// <summary>The same for what a link at <paramref name="path"/> leads to in the end; null also where it leads nowhere.</summary>
    public static string? SpecialBehind(string path)
    {
        try
        {
            return Special(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        }
        catch (IOException)
        {
            // A loop of links, which opening reports too.
            return null;
        }
    }

    private static int ModeOf(string path)
    {
        var stat = new byte[StatLength];
        try
        {
            if (OperatingSystem.IsLinux())
                return Statx(CurrentFolder, path, NoFollow, TypeOnly, stat) == 0 ? ModeAt(stat, LinuxModeOffset) : 0;
            if (OperatingSystem.IsMacOS())
                return LStat(path, stat) == 0 ? ModeAt(stat, MacModeOffset) : 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library before statx (glibc 2.28): special files are then found out only when they are read.
        }

        return 0;
    }

    private static int LStat(string path, byte[] stat) =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? LStatArm(path, stat) : LStatIntel(path, stat);

    private static int ModeAt(byte[] stat, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(stat.AsSpan(offset));

    // https://man7.org/linux/man-pages/man2/statx.2.html: the structure is the same on every architecture.
    [DllImport("libc", EntryPoint = "statx", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] stat);

    [DllImport("libc", EntryPoint = "lstat", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LStatArm([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] stat);

    [DllImport("libc", EntryPoint = "lstat$INODE64", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LStatIntel([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] stat);
}
