using System.Text;

namespace LambdaLayers.Containers.TestKit.Zips;

/// <summary>The headers and data of one entry, under https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.</summary>
internal sealed class ZipItemWriter(ZipItem item)
{
    private readonly byte[] _data = item.RawData ?? (item.Method == 8 ? ZipBuilder.Deflate(item.Content) : item.Content);

    private long Size => item.Size ?? item.Content.Length;

    private long CompressedSize => item.CompressedSize ?? _data.Length;

    private uint Crc => item.Crc ?? ZipBuilder.Crc(item.Content);

    private int Flags => item.Flags | (item.Descriptor ? 8 : 0);

    public void Write(BinaryWriter zip, BinaryWriter table)
    {
        var offset = zip.BaseStream.Position;
        WriteLocal(zip);
        zip.Write(_data);
        if (item.Descriptor)
            WriteDescriptor(zip);
        WriteCentral(table, item.Offset ?? offset);
    }

    private void WriteLocal(BinaryWriter zip)
    {
        var name = item.LocalName is { } other ? Encoding.UTF8.GetBytes(other) : item.NameBytes;
        var zip64 = item.Zip64 && !item.Descriptor;
        byte[] extra = [.. zip64 ? Zip64Field(item.LocalSize ?? Size, CompressedSize) : [], .. item.LocalExtra];
        zip.Write("PK\u0003\u0004"u8);
        zip.Write((ushort)45);
        zip.Write((ushort)Flags);
        zip.Write((ushort)(item.LocalMethod ?? item.Method));
        zip.Write(item.DosTime);
        zip.Write(item.LocalCrc ?? (item.Descriptor ? 0 : Crc));
        zip.Write(item.Descriptor ? 0 : Small(CompressedSize));
        zip.Write(item.Descriptor ? 0 : Small(item.LocalSize ?? Size));
        zip.Write((ushort)name.Length);
        zip.Write((ushort)extra.Length);
        zip.Write(name);
        zip.Write(extra);
    }

    private void WriteDescriptor(BinaryWriter zip)
    {
        zip.Write("PK\u0007\u0008"u8);
        zip.Write(Crc);
        if (item.Zip64)
        {
            zip.Write(CompressedSize);
            zip.Write(Size);
            return;
        }

        zip.Write((uint)CompressedSize);
        zip.Write((uint)Size);
    }

    private void WriteCentral(BinaryWriter table, long offset)
    {
        byte[] extra = [.. item.Zip64 ? Zip64Field(Size, CompressedSize, offset) : [], .. TimeField(), .. item.CentralExtra];
        table.Write("PK\u0001\u0002"u8);
        table.Write((byte)30);
        table.Write(item.Host);
        table.Write((ushort)45);
        table.Write((ushort)Flags);
        table.Write((ushort)item.Method);
        table.Write(item.DosTime);
        table.Write(Crc);
        table.Write(Small(CompressedSize));
        table.Write(Small(Size));
        table.Write((ushort)item.NameBytes.Length);
        table.Write((ushort)extra.Length);
        table.Write((ushort)0); // comment
        table.Write((ushort)0); // disk
        table.Write(item.InternalAttributes);
        table.Write(((uint)(item.Mode ?? 0) << 16) | item.DosAttributes);
        table.Write(Small(offset));
        table.Write(item.NameBytes);
        table.Write(extra);
    }

    private uint Small(long value) => item.Zip64 ? uint.MaxValue : (uint)value;

    private static byte[] Zip64Field(params long[] values) =>
        [1, 0, (byte)(values.Length * 8), 0, .. values.SelectMany(BitConverter.GetBytes)];

    private byte[] TimeField() =>
        item.UnixTime is { } time ? [0x55, 0x54, 5, 0, 1, .. BitConverter.GetBytes(time)] : [];
}
