namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>One entry as the zip's table of contents has it (APPNOTE 4.3.12), with its extra fields read.</summary>
/// <param name="Name">Decoded; not yet checked.</param>
/// <param name="RawName">The bytes of the name, to compare with those beside the data.</param>
internal sealed record ZipRecord(string Name, byte[] RawName)
{
    private const int TypeMask = 0xF000; // S_IFMT

    /// <summary>The system that made the entry (APPNOTE 4.4.2.2).</summary>
    public required byte Host { get; init; }

    public required int Flags { get; init; }

    public required int Method { get; init; }

    public required uint DosTime { get; init; }

    public required uint Crc { get; init; }

    public required long CompressedSize { get; init; }

    public required long Size { get; init; }

    /// <summary>Where its local header begins.</summary>
    public required long Offset { get; init; }

    public required uint ExternalAttributes { get; init; }

    /// <summary>Modification time of the extended timestamp field (0x5455), Unix seconds.</summary>
    public required int? UnixTime { get; init; }

    /// <summary>Bits 0 and 6, and 13 for an encrypted table of contents; method 99 is AES.</summary>
    public bool IsEncrypted => (Flags & 0x2041) != 0 || Method == 99;

    /// <summary>The file type bits of a Unix mode, or 0; taken from any maker, as no link or device may go unseen.</summary>
    public int UnixType => (int)(ExternalAttributes >> 16) & TypeMask;

    /// <summary>Permission bits, where a Unix maker has written any.</summary>
    public int? UnixMode => Host is Unix or Darwin && ExternalAttributes >> 16 != 0
        ? (int)(ExternalAttributes >> 16) & ~TypeMask
        : null;

    /// <summary>Whether a backslash in the name can only be a separator: Windows has no such letter in names.</summary>
    public bool IsFromWindows => Host is Fat or Ntfs or Vfat;

    /// <summary>The MS-DOS attribute for folders.</summary>
    public bool HasDosFolderBit => (ExternalAttributes & 0x10) != 0;

    private const byte Fat = 0;
    private const byte Unix = 3;
    private const byte Ntfs = 10;
    private const byte Vfat = 14;
    private const byte Darwin = 19;
}
