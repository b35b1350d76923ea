using System.Buffers.Binary;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>Writes bits into an array, lowest first (RFC 1951, 3.1.1). The array must have room for eight bytes more.</summary>
internal ref struct BitWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;
    private int _position;
    private ulong _bits;
    private int _count;

    /// <summary>Whole bytes so far.</summary>
    public readonly int Length => _position + (_count >> 3);

    /// <summary>Whether no bits of a byte are open.</summary>
    public readonly bool IsAligned => (_count & 7) == 0;

    /// <summary>Adds up to 56 bits, if <see cref="Flush"/> came before.</summary>
    public void Add(ulong bits, int count)
    {
        _bits |= bits << _count;
        _count += count;
    }

    /// <summary>Passes whole bytes on, so that less than 8 bits are left.</summary>
    public void Flush()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output[_position..], _bits);
        _position += _count >> 3;
        _bits >>= _count & ~7;
        _count &= 7;
    }

    /// <summary>Fills the open byte up with zeros.</summary>
    public void Align()
    {
        _count = (_count + 7) & ~7;
        Flush();
    }

    /// <summary>Copies whole bytes; only after <see cref="Align"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[_position..]);
        _position += bytes.Length;
    }
}
