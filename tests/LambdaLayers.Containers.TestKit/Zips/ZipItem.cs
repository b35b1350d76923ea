using System.Text;

namespace LambdaLayers.Containers.TestKit.Zips;

/// <summary>
/// One entry for <see cref="ZipBuilder"/>. What is left null is as an honest tool would write it; what is set is written
/// as it is, however wrong.
/// </summary>
public sealed record ZipItem(string Name)
{
    public const int Regular = 0x8000;
    public const int Folder = 0x4000;
    public const int Link = 0xA000;

    public byte[] Content { get; init; } = [];

    /// <summary>The name's bytes, where they are not UTF-8.</summary>
    public byte[]? RawName { get; init; }

    /// <summary>0 stored, 8 deflated; others are written as stored.</summary>
    public int Method { get; init; } = 8;

    /// <summary>Type and permission bits; null for none (external attributes 0).</summary>
    public int? Mode { get; init; } = Regular | 0x1A4;

    /// <summary>3 Unix, 0 MS-DOS.</summary>
    public byte Host { get; init; } = 3;

    /// <summary>The MS-DOS attributes, 0x10 for folders.</summary>
    public byte DosAttributes { get; init; }

    /// <summary>1 for text (APPNOTE 4.4.14).</summary>
    public ushort InternalAttributes { get; init; }

    /// <summary>The extended timestamp (0x5455) in Unix seconds.</summary>
    public int? UnixTime { get; init; }

    /// <summary>Date in the upper half, time in the lower; 2020-02-03 04:05:06.</summary>
    public uint DosTime { get; init; } = (40u << 25) | (2 << 21) | (3 << 16) | (4 << 11) | (5 << 5) | 3;

    public int Flags { get; init; }

    /// <summary>Sizes and CRC after the data, zero before it.</summary>
    public bool Descriptor { get; init; }

    /// <summary>Sizes and offset in 64-bit extra fields.</summary>
    public bool Zip64 { get; init; }

    /// <summary>Extra fields of the table of contents.</summary>
    public byte[] CentralExtra { get; init; } = [];

    /// <summary>Extra fields of the local header.</summary>
    public byte[] LocalExtra { get; init; } = [];

    /// <summary>What the local header calls it.</summary>
    public string? LocalName { get; init; }

    public int? LocalMethod { get; init; }

    public uint? LocalCrc { get; init; }

    public long? LocalSize { get; init; }

    /// <summary>What both headers say.</summary>
    public uint? Crc { get; init; }

    public long? Size { get; init; }

    public long? CompressedSize { get; init; }

    /// <summary>Where the table of contents says that the local header is.</summary>
    public long? Offset { get; init; }

    /// <summary>The compressed bytes themselves.</summary>
    public byte[]? RawData { get; init; }

    internal byte[] NameBytes => RawName ?? Encoding.UTF8.GetBytes(Name);
}
