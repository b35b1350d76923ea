using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Walks over a raw deflate stream (RFC 1951) without producing what it inflates to, and finds where its last block and
/// it itself end: what must be known to put the stream in the middle of another one. Whatever zlib would refuse is
/// refused, and bytes after the end too. One walker can walk over any number of streams, one after the other.
/// </summary>
internal sealed class DeflateWalker
{
    private const int LengthTableBits = 11;
    private const int DistanceTableBits = 9;
    private const int BufferLength = 1 << 16;

    // Bits are taken eight bytes at a time, so as many may be touched beyond the end of the stream, as zeros.
    private const int Slack = 16;

    private readonly DecodingTable _lengths = DecodingTable.ForLengths(LengthTableBits);
    private readonly DecodingTable _distances = DecodingTable.ForDistances(DistanceTableBits);
    private readonly DecodingTable _codeLengths = DecodingTable.ForCodeLengths();
    private readonly byte[] _lengthsOfCodes = new byte[DeflateFormat.FixedLengthSymbols + DeflateFormat.FixedDistanceSymbols];
    private readonly byte[] _buffer = new byte[BufferLength + Slack];

    private Stream _stream = Stream.Null;
    private long _before; // bytes of the stream that came before the buffer
    private int _position; // in the buffer, of the first byte that is not in _bits
    private int _limit; // the last position at which eight bytes can be taken
    private int _end; // of the bytes in the buffer
    private bool _isAll; // the buffer holds the end of the stream
    private ulong _bits; // the next bits of the stream, lowest first
    private int _count; // how many of them are counted as taken from the buffer
    private long _written; // bytes that the blocks so far inflate to

    /// <summary>False for anything but one valid deflate stream that takes up all of <paramref name="stream"/>.</summary>
    public bool TryWalk(Stream stream, out DeflateExtent extent) =>
        TryFindEnd(stream, out extent) && (_isAll || _stream.Read(_buffer.AsSpan(0, 1)) == 0)
        && (extent.End + 7) >> 3 == _before + _end;

    /// <summary>As <see cref="TryWalk"/>, but anything may follow the deflate stream.</summary>
    public bool TryFindEnd(Stream stream, out DeflateExtent extent)
    {
        extent = default;
        _stream = stream;
        (_before, _position, _limit, _end, _isAll, _bits, _count, _written) = (0, 0, -1, 0, false, 0, 0, 0);
        long header;
        bool isLast;
        do
        {
            if (!TryRefill())
                return false;
            header = Position;
            isLast = Take(1) != 0;
            if (!TryBlock((int)Take(2)))
                return false;
        }
        while (!isLast);
        extent = new DeflateExtent(header, Position, _written);
        return !_isAll || (extent.End + 7) >> 3 <= _before + _end;
    }

    // In bits, from the beginning of the stream.
    private long Position => ((_before + _position) * 8) - _count;

    private bool TryBlock(int type) => type switch
    {
        DeflateFormat.Stored => TryStored(),
        DeflateFormat.Fixed => TryFixedCodes() && TryCodes(),
        DeflateFormat.Dynamic => TryDynamicCodes() && TryCodes(),
        _ => false,
    };

    // RFC 1951, 3.2.4: from the next byte boundary on a length, its complement, and as many bytes.
    private bool TryStored()
    {
        _ = Take(_count & 7);
        if (!TryRefill())
            return false;
        var length = Take(16);
        if (Take(16) != (length ^ 0xFFFF))
            return false;
        // What was taken ahead goes back, so that whole bytes can be passed over.
        _position -= _count >> 3;
        (_bits, _count) = (0, 0);
        _written += length;
        for (var left = (int)length; left > 0;)
        {
            if (_position >= _end && (_isAll || !TryFill()))
                return false;
            var passed = Math.Min(left, _end - _position);
            if (passed <= 0)
                return false;
            _position += passed;
            left -= passed;
        }

        return true;
    }

    // RFC 1951, 3.2.6.
    private bool TryFixedCodes()
    {
        var lengths = _lengthsOfCodes.AsSpan(0, DeflateFormat.FixedLengthSymbols);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
            lengths[symbol] = DeflateFormat.FixedLengthOf(symbol);
        if (!_lengths.TryBuild(lengths))
            return false;
        var distances = _lengthsOfCodes.AsSpan(0, DeflateFormat.FixedDistanceSymbols);
        distances.Fill(5);
        return _distances.TryBuild(distances);
    }

    // RFC 1951, 3.2.7.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryDynamicCodes()
    {
        var lengths = (int)Take(5) + DeflateFormat.FirstLength;
        var distances = (int)Take(5) + 1;
        var codeLengths = (int)Take(4) + 4;
        if (lengths > DeflateFormat.LengthSymbols || distances > DeflateFormat.DistanceSymbols || !TryRefill())
            return false;
        var codes = _lengthsOfCodes.AsSpan(0, DeflateFormat.CodeLengthSymbols);
        codes.Clear();
        for (var i = 0; i < codeLengths; i++)
        {
            if (_count < 3 && !TryRefill())
                return false;
            codes[DeflateFormat.CodeLengthOrder[i]] = (byte)Take(3);
        }

        if (!_codeLengths.TryBuild(codes) || !_codeLengths.IsComplete || !TryCodeLengths(lengths + distances))
            return false;
        var all = _lengthsOfCodes.AsSpan(0, lengths + distances);
        return all[DeflateFormat.EndOfBlock] != 0
            && _lengths.TryBuild(all[..lengths]) && _distances.TryBuild(all[lengths..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryCodeLengths(int number)
    {
        var lengths = _lengthsOfCodes.AsSpan(0, number);
        for (var i = 0; i < number;)
        {
            if (_count < DeflateFormat.MaxCodeLengthCode + 7 && !TryRefill())
                return false;
            var entry = _codeLengths.Single[(int)((uint)_bits & _codeLengths.Mask)];
            _ = Take((int)(entry & DecodingTable.CodeMask));
            var symbol = (entry >> DecodingTable.ValueShift) & DecodingTable.ValueMask;
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && i == 0)
                return false;
            var value = symbol == 16 ? lengths[i - 1] : (byte)0;
            var times = (int)(symbol switch
            {
                16 => 3 + Take(2),
                17 => 3 + Take(3),
                _ => 11 + Take(7),
            });
            if (times > number - i)
                return false;
            lengths.Slice(i, times).Fill(value);
            i += times;
        }

        return true;
    }

    // RFC 1951, 3.2.5. As long as a distance could reach back before the beginning, each one is looked at; a run of
    // literals with a length in one entry would hide where the match begins.
    private bool TryCodes()
    {
        var outcome = _written < DeflateFormat.WindowLength ? Walk(_lengths.Single, areNear: true) : Outcome.GoOn;
        if (outcome == Outcome.GoOn)
            outcome = Walk(_lengths.Runs, areNear: false);
        return outcome == Outcome.EndOfBlock;
    }

    // All time is spent here, so the state is in locals. Two or three lookups see to the literals before a match, its
    // length and its distance.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Outcome Walk(uint[] lengths, bool areNear)
    {
        var lengthMask = _lengths.Mask;
        var (distances, distanceMask) = (_distances.Single, _distances.Mask);
        var (bits, count, position, limit, written) = (_bits, _count, _position, _limit, _written);
        var buffer = _buffer;
        while (true)
        {
            if (position > limit)
            {
                _position = position;
                if (!TryFill())
                    return Outcome.Refused;
                (position, limit) = (_position, _limit);
            }

            // At least 56 bits from here on. Those above the count are right too, and are taken once more.
            bits |= BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(position)) << count;
            position += (63 - count) >> 3;
            count |= 56;
            var entry = lengths[(int)((uint)bits & lengthMask)];
            if ((entry & (DecodingTable.IsMatch | DecodingTable.IsRare)) == 0)
            {
                written += entry >> DecodingTable.ValueShift;
                bits >>= (int)(entry >> DecodingTable.TotalShift);
                count -= (int)(entry & DecodingTable.CodeMask);
                entry = lengths[(int)((uint)bits & lengthMask)];
            }

            if ((entry & DecodingTable.IsRare) != 0)
            {
                entry = _lengths.Find(entry, bits);
                if ((entry & DecodingTable.IsRare) != 0)
                {
                    (_bits, _count, _position, _written) = (bits, count, position, written);
                    _ = Take((int)(entry & DecodingTable.CodeMask));
                    return (entry & DecodingTable.Meaning) == DecodingTable.EndOfBlock
                        ? Outcome.EndOfBlock
                        : Outcome.Refused;
                }
            }

            var total = (int)(entry >> DecodingTable.TotalShift) & 63;
            var length = Value(entry, bits, total);
            written += length;
            bits >>= total;
            count -= total;
            if ((entry & DecodingTable.IsMatch) == 0)
                continue;

            // 11 bits of literals and up to 20 of a length are gone, and a distance has up to 28.
            if (count < 28)
            {
                (_bits, _count, _position) = (bits, count, position);
                if (!TryRefill())
                    return Outcome.Refused;
                (bits, count, position, limit) = (_bits, _count, _position, _limit);
            }

            entry = distances[(int)((uint)bits & distanceMask)];
            if ((entry & DecodingTable.IsRare) != 0)
            {
                entry = _distances.Find(entry, bits);
                if ((entry & DecodingTable.IsRare) != 0)
                    return Outcome.Refused;
            }

            total = (int)(entry >> DecodingTable.TotalShift) & 63;
            if (areNear && Value(entry, bits, total) > written - length)
                return Outcome.Refused;
            bits >>= total;
            count -= total;
            if (areNear && written >= DeflateFormat.WindowLength)
            {
                (_bits, _count, _position, _written) = (bits, count, position, written);
                return Outcome.GoOn;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Value(uint entry, ulong bits, int total) =>
        ((entry >> DecodingTable.ValueShift) & DecodingTable.ValueMask)
        + (long)((bits & ((1UL << total) - 1)) >> (int)(entry & DecodingTable.CodeMask));

    private uint Take(int count)
    {
        var taken = (uint)(_bits & ((1UL << count) - 1));
        _bits >>= count;
        _count -= count;
        return taken;
    }

    // At least 56 bits; false beyond the end of the stream.
    private bool TryRefill()
    {
        if (_position > _limit && !TryFill())
            return false;
        _bits |= BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(_position)) << _count;
        _position += (63 - _count) >> 3;
        _count |= 56;
        return true;
    }

    private bool TryFill()
    {
        if (_isAll)
            return false;
        // A stored block gives back what was taken ahead, so those bytes stay.
        var kept = Math.Min(_position, sizeof(ulong));
        _buffer.AsSpan(_position - kept, _end - _position + kept).CopyTo(_buffer);
        (_before, _end, _position) = (_before + _position - kept, _end - _position + kept, kept);
        var wanted = BufferLength - _end;
        var read = _stream.ReadAtLeast(_buffer.AsSpan(_end, wanted), wanted, throwOnEndOfStream: false);
        _end += read;
        _isAll = read < wanted;
        _limit = _isAll ? _end + Slack - sizeof(ulong) : _end - sizeof(ulong);
        if (_isAll)
            _buffer.AsSpan(_end, Slack).Clear();
        return true;
    }

    private enum Outcome
    {
        Refused,
        EndOfBlock,
        GoOn,
    }
}

/// <summary>Where the parts of a raw deflate stream are, in bits from its beginning.</summary>
/// <param name="LastBlock">The first bit of the last block's header, which is its BFINAL.</param>
/// <param name="End">The first bit after the last block.</param>
/// <param name="Length">Bytes that the stream inflates to.</param>
internal readonly record struct DeflateExtent(long LastBlock, long End, long Length);
