namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>One entry as the zip's central directory has it (APPNOTE 4.3.12), with its extra fields read.</summary>
/// <param name="name">Decoded; not yet checked.</param>
internal sealed class ZipRecord(string name)
{
    /// <summary>The compression methods that Lambda's zips use (APPNOTE 4.4.5).</summary>
    public const int Stored = 0;
    public const int Deflated = 8;

    private const int TypeMask = 0xF000; // S_IFMT
    private const byte Fat = 0;
    private const byte Unix = 3;
    private const byte Ntfs = 10;
    private const byte Vfat = 14;
    private const byte Darwin = 19;

    public string Name => name;

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

    /// <summary>APPNOTE 4.4.14.</summary>
    public required ushort InternalAttributes { get; init; }

    public required uint ExternalAttributes { get; init; }

    /// <summary>Modification time of the extended timestamp field (0x5455), Unix seconds.</summary>
    public required int? UnixTime { get; init; }

    /// <summary>Where its compressed bytes are.</summary>
    public FileRange Data { get; set; }

    /// <summary>Whether sizes and CRC-32 follow the data.</summary>
    public bool HasDescriptor { get; set; }

    /// <summary>Bits 0 and 6, and 13 for an encrypted central directory; method 99 is AES.</summary>
    public bool IsEncrypted => (Flags & 0x2041) != 0 || Method == 99;

    /// <summary>Whether the upper half of the attributes is a Unix mode by APPNOTE 4.4.15; other makers may use it, too.</summary>
    public bool IsFromUnix => Host is Unix or Darwin;

    /// <summary>Whether links are links to every reader; those of <see cref="Darwin"/> are files to some.</summary>
    public bool MayBeLink => Host == Unix;

    /// <summary>The file type bits where a Unix mode would have them, or 0.</summary>
    public int UnixType => (int)(ExternalAttributes >> 16) & TypeMask;

    /// <summary>Permission bits, where a Unix maker has written any.</summary>
    public int? UnixMode => IsFromUnix && ExternalAttributes >> 16 != 0 ? (int)(ExternalAttributes >> 16) & ~TypeMask : null;

    /// <summary>Whether a backslash in the name can only be a separator: Windows has no such letter in names.</summary>
    public bool IsFromWindows => IsWindows(Host);

    public static bool IsWindows(byte host) => host is Fat or Ntfs or Vfat;

    /// <summary>The MS-DOS attribute for folders.</summary>
    public bool HasDosFolderBit => (ExternalAttributes & 0x10) != 0;

    /// <summary>The MS-DOS attribute for the name of a disk, which some readers leave out.</summary>
    public bool HasDosLabelBit => (ExternalAttributes & 8) != 0;

    /// <summary>Bits that PKWARE keeps for itself; with one of them some readers do not believe the other attributes.</summary>
    public bool HasReservedBits => (InternalAttributes & 6) != 0;

    /// <summary>The uncompressed bytes, held to size and CRC-32.</summary>
    public Stream Open() => new ZipEntryStream(this, Data.Open(lastByteApart: Method == Deflated));
}
