namespace LambdaLayers.Containers.Core.Tests.Packing.Deflate;

/// <summary>A deflate stream written by hand, bit by bit.</summary>
internal sealed class Bits
{
    private readonly List<bool> _bits = [];

    public static Bits LastBlock(int type) => new Bits().Number(1, 1).Number(type, 2);

    /// <summary>A number, lowest bit first (RFC 1951, 3.1.1).</summary>
    public Bits Number(int value, int count)
    {
        for (var i = 0; i < count; i++)
            _bits.Add(((value >> i) & 1) != 0);
        return this;
    }

    /// <summary>A code as the RFC prints it, highest bit first.</summary>
    public Bits Code(string code)
    {
        _bits.AddRange(code.Where(c => c is '0' or '1').Select(c => c == '1'));
        return this;
    }

    public Bits Align()
    {
        while (_bits.Count % 8 != 0)
            _bits.Add(false);
        return this;
    }

    /// <summary>The header of a block with codes of its own: how many of each there are, and the code lengths' lengths.</summary>
    public Bits Header(int lengths, int distances, params (int Symbol, int Length)[] codeLengths)
    {
        int[] order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        Number(lengths - 257, 5).Number(distances - 1, 5).Number(order.Length - 4, 4);
        foreach (var symbol in order)
            Number(codeLengths.FirstOrDefault(c => c.Symbol == symbol).Length, 3);
        return this;
    }

    public byte[] ToArray()
    {
        var bytes = new byte[(_bits.Count + 7) / 8];
        for (var i = 0; i < _bits.Count; i++)
            bytes[i / 8] |= (byte)(_bits[i] ? 1 << (i % 8) : 0);
        return bytes;
    }
}
