using System.Buffers.Binary;
using System.Text;

namespace LambdaLayers.Containers.TestKit.Zips;

/// <summary>
/// Makes zips to compare readers with: of a few entries with the habits of different tools, and then changed, in fields, in
/// single bytes, or as a whole, so that some readers may see something else than others. The same seed gives the same zip.
/// </summary>
public sealed class ZipMutator
{
    private static readonly string[] Names =
        ["a", "a/b", "b.txt", "./a", "a/", "A", "a//b", "a\\b", "é", "a/./b", "c/../a", "x y", "extensions/tool", "a/b/c", ".", "b.txt ", "l"];

    private static readonly string[] PlainNames = ["a", "b/c", "b/d.txt", "é", "bin/run", "x y", "python/m.py", "l", "e", "f"];

    private static readonly uint[] Values =
        [0, 1, 2, 8, 9, 12, 20, 22, 30, 46, 99, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    // Widths of the fields of each record, by APPNOTE 4.3.7, 4.3.9, 4.3.12, 4.3.14 to 4.3.16.
    private static readonly (uint Signature, int[] Fields)[] Records =
    [
        (0x04034B50, [4, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2]),
        (0x08074B50, [4, 4, 4, 4]),
        (0x02014B50, [4, 1, 1, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4]),
        (0x06064B50, [4, 8, 2, 2, 4, 4, 8, 8, 8, 8]),
        (0x07064B50, [4, 4, 8, 4]),
        (0x06054B50, [4, 2, 2, 2, 2, 4, 4, 2]),
    ];

    private readonly Random _random;

    private ZipMutator(int seed) => _random = new Random(seed);

    public static byte[] Make(int seed) => new ZipMutator(seed).Make();

    private byte[] Make()
    {
        var zip = Build();
        // One in four stays as its maker meant it: what is accepted is to be compared, too.
        for (var changes = _random.Next(4); changes > 0; changes--)
            zip = Change(zip);
        return zip;
    }

    private byte[] Build()
    {
        var honest = _random.Next(3) > 0;
        var zip = new ZipBuilder { Comment = _random.Next(8) == 0 ? Junk() : [] };
        var names = honest ? PlainNames : Names;
        _random.Shuffle(names = [.. names]);
        foreach (var name in names.Take(_random.Next(1, 5)))
            zip.Add(Item(name, honest));
        return zip.Build();
    }

    private ZipItem Item(string name, bool honest)
    {
        var item = name switch
        {
            "l" => new ZipItem(name) { Content = "a"u8.ToArray(), Method = 0, Mode = ZipItem.Link | 0x1FF },
            _ => new ZipItem(name) { Content = name.EndsWith('/') ? [] : Content(), Method = _random.Next(3) == 0 ? 0 : 8 },
        };
        item = item with
        {
            Flags = name.Any(c => c > '~') && _random.Next(4) > 0 ? 0x800 : 0,
            Descriptor = item.Method == 8 && item.Content.Length > 0 && _random.Next(4) == 0,
            Zip64 = _random.Next(8) == 0,
            UnixTime = _random.Next(2) == 0 ? 1_600_000_000 : null,
        };
        if (item.Mode is { } mode && mode >> 12 == ZipItem.Regular >> 12 && _random.Next(4) == 0)
            item = item with { Host = 0, Mode = null };
        return honest ? item : Doubtful(item);
    }

    // One thing that two of its places say differently, or that readers are known to treat differently.
    private ZipItem Doubtful(ZipItem item) => _random.Next(14) switch
    {
        0 => item with { LocalName = Pick(Names) },
        1 => item with { LocalMethod = _random.Next(2) * 8 },
        2 => item with { LocalSize = _random.Next(100) },
        3 => item with { LocalCrc = (uint)_random.Next() },
        4 => item with { Crc = 0 },
        5 => item with { Size = _random.Next(100) },
        6 => item with { Flags = item.Flags ^ (1 << _random.Next(16)) },
        7 => item with { Host = (byte)_random.Next(20) },
        8 => item with { Mode = (_random.Next(16) << 12) | 0x1A4 },
        9 => item with { DosAttributes = (byte)(1 << _random.Next(6)) },
        10 => item with { CentralExtra = Extra(), LocalExtra = _random.Next(2) == 0 ? Extra() : [] },
        11 => item with { RawData = [.. ZipBuilder.Deflate(item.Content), .. Junk()], Method = 8 },
        12 => item with { RawName = [.. Encoding.UTF8.GetBytes(item.Name), Pick("\0\n/ \\\u007f\u00e9"u8.ToArray())] },
        _ => item,
    };

    private byte[] Change(byte[] zip) => _random.Next(9) switch
    {
        0 => Flip(zip),
        1 => Insert(zip, Junk()),
        2 => Cut(zip),
        3 => [.. zip, .. Build()],
        4 => Move(zip),
        _ => ChangeField(zip),
    };

    private byte[] ChangeField(byte[] zip)
    {
        var places = new List<(int At, int Width)>();
        for (var at = 0; at + 4 <= zip.Length; at++)
        {
            var signature = BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at));
            var offset = at;
            foreach (var width in Records.Where(record => record.Signature == signature).SelectMany(record => record.Fields))
            {
                if (offset + width <= zip.Length)
                    places.Add((offset, width));
                offset += width;
            }
        }

        if (places.Count == 0)
            return Flip(zip);
        var (place, size) = places[_random.Next(places.Count)];
        byte[] changed = [.. zip];
        Span<byte> value = stackalloc byte[8];
        var (source, sourceSize) = places[_random.Next(places.Count)];
        switch (_random.Next(4))
        {
            case 0:
                BinaryPrimitives.WriteUInt32LittleEndian(value, Pick(Values));
                break;
            case 1:
                zip.AsSpan(source, sourceSize).CopyTo(value);
                break;
            case 2:
                zip.AsSpan(place, size).CopyTo(value);
                value[0] ^= (byte)(1 << _random.Next(8));
                break;
            default:
                zip.AsSpan(place, size).CopyTo(value);
                BinaryPrimitives.WriteInt64LittleEndian(value, BinaryPrimitives.ReadInt64LittleEndian(value) + Pick(-1, 1, 4, 16, 46));
                break;
        }

        value[..size].CopyTo(changed.AsSpan(place));
        return changed;
    }

    private byte[] Flip(byte[] zip)
    {
        byte[] changed = [.. zip];
        if (changed.Length > 0)
            changed[_random.Next(changed.Length)] ^= (byte)(1 << _random.Next(8));
        return changed;
    }

    private byte[] Insert(byte[] zip, byte[] bytes)
    {
        var at = Boundary(zip);
        return [.. zip[..at], .. bytes, .. zip[at..]];
    }

    private byte[] Cut(byte[] zip)
    {
        var (from, to) = (Boundary(zip), Boundary(zip));
        return from <= to ? [.. zip[..from], .. zip[to..]] : zip[..from];
    }

    private byte[] Move(byte[] zip)
    {
        var (from, to, target) = (Boundary(zip), Boundary(zip), Boundary(zip));
        return from <= to ? [.. zip[..target], .. zip[from..to], .. zip[target..]] : zip;
    }

    // Where a record begins, mostly, so that what is moved makes some sense.
    private int Boundary(byte[] zip)
    {
        var starts = Enumerable.Range(0, Math.Max(0, zip.Length - 3)).Where(i => zip[i] == 'P' && zip[i + 1] == 'K')
            .Append(zip.Length).ToList();
        return _random.Next(4) > 0 ? starts[_random.Next(starts.Count)] : _random.Next(zip.Length + 1);
    }

    private byte[] Extra()
    {
        var data = Junk();
        var id = Pick<ushort>([0x0001, 0x5455, 0x7075, 0x7855, 0x000A, 0xCAFE, 0x9901]);
        return [.. BitConverter.GetBytes(id), .. BitConverter.GetBytes((ushort)data.Length), .. data];
    }

    private byte[] Content() => _random.Next(4) switch
    {
        0 => [],
        1 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("text ", _random.Next(1, 2000)))),
        2 => new ZipBuilder().File("inner", "content").Build(),
        _ => Junk(),
    };

    private byte[] Junk()
    {
        var bytes = new byte[_random.Next(1, 40)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];
}
