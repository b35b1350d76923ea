using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace LambdaLayers.Containers.Core.Verification.Leaks;

/// <summary>The search in one file, whose bytes come in any number of pieces.</summary>
internal sealed class LeakScan(LeakScanner scanner) : IDisposable
{
    // Candidates are looked at with this much around them.
    private const int Before = 2048;
    private const int After = 8192;
    private const int Capacity = Before + After + (1 << 17);

    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(Capacity);
    private readonly char[] _text = ArrayPool<char>.Shared.Rent(Capacity);
    private readonly List<Leak> _found = [];
    private int _length;
    private int _next;

    /// <summary>Looks at more of the file.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var taken = Math.Min(bytes.Length, Capacity - _length);
            // Byte by byte: what is searched for is ASCII, or every other byte of it is.
            Encoding.Latin1.GetChars(bytes[..taken], _text.AsSpan(_length));
            bytes[..taken].CopyTo(_bytes.AsSpan(_length));
            _length += taken;
            bytes = bytes[taken..];
            if (_length == Capacity)
                Search(_length - After);
        }
    }

    /// <summary>What is in the file, each leak once; begins anew with the next one.</summary>
    public IReadOnlyList<Leak> End()
    {
        Search(_length);
        (_length, _next) = (0, 0);
        if (_found.Count == 0)
            return [];
        IReadOnlyList<Leak> found = [.. _found.Distinct()];
        _found.Clear();
        return found;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        ArrayPool<char>.Shared.Return(_text, clearArray: true);
    }

    // Looks at candidates that begin before the limit, and keeps what the next ones may need.
    private void Search(int limit)
    {
        if (_next < limit)
        {
            foreach (var search in scanner.Searches)
            {
                Search(search, _text.AsSpan(_next, _length - _next), _next, 1, limit);
                // UTF-16 of little-endian machines, from an even byte on and from an odd one.
                foreach (var first in (int[])[_next, _next + 1])
                    Search(search, MemoryMarshal.Cast<byte, char>(_bytes.AsSpan(first, Math.Max(0, _length - first))), first, 2, limit);
            }
        }

        _next = Math.Max(_next, limit);
        var keep = Math.Max(0, _next - Before);
        _text.AsSpan(keep, _length - keep).CopyTo(_text);
        _bytes.AsSpan(keep, _length - keep).CopyTo(_bytes);
        (_length, _next) = (_length - keep, _next - keep);
    }

    /// <param name="search">What is searched for.</param>
    /// <param name="text">What is searched.</param>
    /// <param name="first">The byte that it begins with.</param>
    /// <param name="width">Bytes of one of its characters.</param>
    /// <param name="limit">The byte before which candidates begin.</param>
    private void Search(SearchValues<string> search, ReadOnlySpan<char> text, int first, int width, int limit)
    {
        for (var next = 0; next < text.Length; next++)
        {
            var found = text[next..].IndexOfAny(search);
            if (found < 0)
                return;
            next += found;
            var at = first + next * width;
            if (at >= limit)
                return;
            var start = Math.Max(0, at - Before);
            _found.AddRange(scanner.Examine(new LeakWindow(_text.AsMemory(start, Math.Min(_length, at + After) - start), at - start)));
        }
    }
}

/// <summary>A place where a secret may be, with what is around it, a character for each byte.</summary>
/// <param name="Text">The surroundings.</param>
/// <param name="At">Where in them the candidate begins.</param>
internal readonly record struct LeakWindow(ReadOnlyMemory<char> Text, int At)
{
    public bool StartsWith(string text) => Text.Span[At..].StartsWith(text, StringComparison.Ordinal);

    /// <summary>The surroundings as text; of UTF-16 every other byte from the candidate on, both ways.</summary>
    public string Read(bool isWide, out int at)
    {
        if (!isWide)
        {
            at = At;
            return Text.ToString();
        }

        var start = At % 2;
        var source = Text.Span;
        at = (At - start) / 2;
        var narrow = new StringBuilder(source.Length / 2);
        for (var i = start; i < source.Length; i += 2)
            narrow.Append(source[i]);
        return narrow.ToString();
    }
}
