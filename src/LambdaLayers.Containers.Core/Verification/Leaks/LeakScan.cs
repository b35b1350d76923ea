using System.Buffers;
using System.Text;

namespace LambdaLayers.Containers.Core.Verification.Leaks;

/// <summary>The search in one file, whose bytes come in any number of pieces.</summary>
internal sealed class LeakScan(LeakScanner scanner) : IDisposable
{
    // Candidates are looked at with this much around them.
    private const int Before = 2048;
    private const int After = 8192;
    private const int Capacity = Before + After + (1 << 17);

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

    public void Dispose() => ArrayPool<char>.Shared.Return(_text, clearArray: true);

    // Looks at candidates that begin before the limit, and keeps what the next ones may need.
    private void Search(int limit)
    {
        while (_next < limit)
        {
            var at = scanner.IndexOfCandidate(_text.AsSpan(_next, _length - _next));
            if (at < 0 || _next + at >= limit)
                break;
            at += _next;
            var start = Math.Max(0, at - Before);
            var window = new LeakWindow(_text.AsMemory(start, Math.Min(_length, at + After) - start), at - start);
            _found.AddRange(scanner.Examine(window));
            _next = at + 1;
        }

        _next = Math.Max(_next, limit);
        var keep = Math.Max(0, _next - Before);
        _text.AsSpan(keep, _length - keep).CopyTo(_text);
        (_length, _next) = (_length - keep, _next - keep);
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
