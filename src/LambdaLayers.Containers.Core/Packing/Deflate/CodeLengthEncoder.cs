using System.Runtime.CompilerServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>Writes the codes of a block with codes of its own: their lengths, run by run, in a third code (RFC 1951, 3.2.7).</summary>
internal sealed class CodeLengthEncoder
{
    private const int CopyPrevious = 16; // 3 to 6 times, 2 bits
    private const int Zeros = 17; // 3 to 10, 3 bits
    private const int ManyZeros = 18; // 11 to 138, 7 bits

    private readonly HuffmanCode _code = new(DeflateFormat.CodeLengthSymbols, DeflateFormat.MaxCodeLengthCode);
    private readonly int[] _counts = new int[DeflateFormat.CodeLengthSymbols];
    private readonly byte[] _all = new byte[DeflateFormat.LengthSymbols + DeflateFormat.DistanceSymbols];
    private readonly ushort[] _items = new ushort[DeflateFormat.LengthSymbols + DeflateFormat.DistanceSymbols]; // symbol, extra from bit 8
    private int _itemCount;
    private int _lengths;
    private int _distances;
    private int _codes;

    /// <summary>How many bits <see cref="WriteTo"/> will write.</summary>
    public long Bits { get; private set; }

    /// <summary>Takes the lengths of both codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prepare(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> distances)
    {
        _lengths = Math.Max(DeflateFormat.FirstLength, Used(lengths));
        _distances = Math.Max(1, Used(distances));
        lengths[.._lengths].CopyTo(_all);
        distances[.._distances].CopyTo(_all.AsSpan(_lengths));
        SetItems(_all.AsSpan(0, _lengths + _distances));
        _code.Build(_counts);
        _codes = DeflateFormat.CodeLengthSymbols;
        while (_codes > 4 && _code.Lengths[DeflateFormat.CodeLengthOrder[_codes - 1]] == 0)
            _codes--;
        Bits = 14 + (3 * _codes);
        for (var symbol = 0; symbol < _counts.Length; symbol++)
            Bits += _counts[symbol] * (_code.Lengths[symbol] + ExtraBits(symbol));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteTo(ref BitWriter writer)
    {
        writer.Add((uint)(_lengths - DeflateFormat.FirstLength), 5);
        writer.Add((uint)(_distances - 1), 5);
        writer.Add((uint)(_codes - 4), 4);
        writer.Flush();
        for (var i = 0; i < _codes; i++)
        {
            writer.Add(_code.Lengths[DeflateFormat.CodeLengthOrder[i]], 3);
            writer.Flush();
        }

        foreach (var item in _items.AsSpan(0, _itemCount))
        {
            var symbol = item & 0xFF;
            writer.Add(_code.Codes[symbol], _code.Lengths[symbol]);
            writer.Add((uint)item >> 8, ExtraBits(symbol));
            writer.Flush();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetItems(ReadOnlySpan<byte> lengths)
    {
        Array.Clear(_counts);
        _itemCount = 0;
        for (var i = 0; i < lengths.Length;)
        {
            var length = lengths[i];
            var run = 1;
            while (i + run < lengths.Length && lengths[i + run] == length)
                run++;
            i += run;
            if (length == 0)
            {
                for (; run >= 11; run -= Math.Min(run, 138))
                    Add(ManyZeros, Math.Min(run, 138) - 11);
                if (run >= 3)
                {
                    Add(Zeros, run - 3);
                    run = 0;
                }
            }
            else if (run >= 4)
            {
                Add(length, 0);
                for (run--; run >= 3; run -= Math.Min(run, 6))
                    Add(CopyPrevious, Math.Min(run, 6) - 3);
            }

            for (; run > 0; run--)
                Add(length, 0);
        }
    }

    private void Add(int symbol, int extra)
    {
        _counts[symbol]++;
        _items[_itemCount++] = (ushort)(symbol | (extra << 8));
    }

    private static int ExtraBits(int symbol) => symbol switch
    {
        CopyPrevious => 2,
        Zeros => 3,
        ManyZeros => 7,
        _ => 0,
    };

    private static int Used(ReadOnlySpan<byte> lengths) => lengths.LastIndexOfAnyExcept((byte)0) + 1;
}
