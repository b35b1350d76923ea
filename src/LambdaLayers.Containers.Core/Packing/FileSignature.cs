using System.Buffers.Binary;
using System.Globalization;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>What the first bytes of a file say about it.</summary>
/// <param name="ElfMachine"><c>x64</c>, <c>arm64</c>, <c>elf-N</c> for others; null for a file that is not ELF.</param>
/// <param name="IsScript">Whether it begins with <c>#!</c>.</param>
/// <param name="HasWindowsLineEnd">Whether a script's first line ends with CR LF.</param>
internal readonly record struct FileSignature(string? ElfMachine, bool IsScript, bool HasWindowsLineEnd)
{
    /// <summary>How much of a file's beginning is looked at: more than Linux reads of a <c>#!</c> line (256).</summary>
    public const int HeadLength = 512;

    private const int MachineOffset = 18;

    public bool IsExecutable => ElfMachine is not null || IsScript;

    /// <summary>Reads the first bytes of a file, up to <see cref="HeadLength"/> of them.</summary>
    public static FileSignature Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("#!"u8))
        {
            var end = head.IndexOf((byte)'\n');
            return new FileSignature(null, true, end > 0 && head[end - 1] == '\r');
        }

        return new FileSignature(Machine(head), false, false);
    }

    // https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
    private static string? Machine(ReadOnlySpan<byte> head)
    {
        if (head.Length < MachineOffset + 2 || !head.StartsWith("\u007fELF"u8))
            return null;
        var bigEndian = head[5] == 2;
        var field = head[MachineOffset..];
        var machine = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(field) : BinaryPrimitives.ReadUInt16LittleEndian(field);
        return machine switch
        {
            62 => Platform.LinuxAmd64.DotnetArchitecture,
            183 => Platform.LinuxArm64.DotnetArchitecture,
            _ => string.Create(CultureInfo.InvariantCulture, $"elf-{machine}"),
        };
    }
}
