using System.Text;
using CsCheck;

namespace LambdaLayers.Containers.Core.Tests.Packing.Deflate;

/// <summary>Content of the kinds that compress in different ways.</summary>
internal static class Contents
{
    /// <summary>Noise, one byte, and text in turns, of random lengths, with repetitions from near and far.</summary>
    public static readonly Gen<byte[]> Any = Gen.Select(Gen.Int[0, 6], Gen.Int, Gen.Int[0, 2000]).Array[0, 40].Select(parts =>
    {
        var content = new List<byte>();
        foreach (var (kind, seed, length) in parts)
            content.AddRange(Part(kind, new Random(seed), length, content));
        return content.ToArray();
    });

    /// <summary>One of each kind, the same on every run.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Samples()
    {
        yield return ("nothing", []);
        yield return ("one byte", [7]);
        yield return ("three bytes", [1, 1, 1]);
        yield return ("zeros", new byte[300_000]);
        yield return ("noise", Noise(200_000));
        yield return ("text", Text(400_000));
        yield return ("few letters", [.. Noise(100_000).Select(b => (byte)(b & 3))]);
        yield return ("text after noise after text", [.. Text(60_000), .. Noise(60_000), .. Text(60_000)]);
        yield return ("noise repeated from afar", [.. Noise(32_768), .. Noise(32_768), .. Noise(40_000)]);
        yield return ("all bytes by frequency",
            [.. Enumerable.Range(0, 256).SelectMany(b => new byte[1 + (b * b / 64)].Select(_ => (byte)b))]);
        yield return ("weights like Fibonacci", Fibonacci());
    }

    public static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }

    /// <summary>Words of a small vocabulary, as in code.</summary>
    public static byte[] Text(int length)
    {
        var random = new Random(2);
        var words = Enumerable.Range(0, 700).Select(_ => $"{(char)random.Next('a', 'z')}ord{random.Next(5000):x}({random.Next(9)}) ")
            .ToArray();
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(words[(int)(random.NextDouble() * random.NextDouble() * words.Length)]);
        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    // The deepest tree for the number of bytes: longer than codes may be.
    private static byte[] Fibonacci()
    {
        var content = new List<byte>();
        for (var (a, b, i) = (1, 1, 0); content.Count < 300_000; (a, b, i) = (b, a + b, i + 1))
            content.AddRange(Enumerable.Repeat((byte)(i * 37), a));
        var shuffled = content.ToArray();
        new Random(3).Shuffle(shuffled);
        return shuffled;
    }

    private static byte[] Part(int kind, Random random, int length, List<byte> before)
    {
        var part = new byte[length];
        switch (kind)
        {
            case 0:
                random.NextBytes(part);
                break;
            case 1:
                part.AsSpan().Fill((byte)random.Next(256));
                break;
            case 2 or 3:
                for (var i = 0; i < part.Length; i++)
                    part[i] = (byte)"etaoin shrdlu\n(){};=<>"[random.Next(random.Next(1, 22))];
                break;
            default:
                var from = before.Count == 0 ? 0 : random.Next(before.Count);
                for (var i = 0; i < part.Length && from + i < before.Count; i++)
                    part[i] = before[from + i];
                break;
        }

        return part;
    }
}
