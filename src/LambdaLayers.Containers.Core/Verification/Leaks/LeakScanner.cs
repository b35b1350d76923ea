using System.Buffers;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Verification.Leaks;

/// <summary>
/// Looks for secrets in whatever passes by, at the speed of a memory scan: a vectorised search for the places where
/// any secret could be, and a closer look at those. Text is looked for in UTF-8 and in UTF-16, which is how .NET
/// assemblies hold their strings.
/// </summary>
internal sealed class LeakScanner
{
    // Beyond 80 values, and for values with NUL in them, SearchValues takes another way, which is ten times as slow.
    private const int AnchorsOfOneSearch = 64;

    private readonly IReadOnlyList<SearchValues<string>> _anchors;
    private readonly IReadOnlyList<Probe> _probes;

    /// <param name="live">Credentials in use.</param>
    /// <param name="shapes">Whether to look for what secrets look like, too.</param>
    public LeakScanner(IEnumerable<KnownSecret> live, bool shapes = true)
    {
        _probes =
        [
            .. live.Where(CanBeTold).SelectMany(Probe.Of).DistinctBy(probe => probe.Text),
            .. shapes ? SecretShapes.All.SelectMany(Probe.Of) : [],
        ];
        _anchors =
        [
            .. _probes.Select(probe => probe.Plain).Distinct().Chunk(AnchorsOfOneSearch)
                .Select(anchors => SearchValues.Create(anchors, StringComparison.Ordinal)),
        ];
    }

    /// <summary>Whether there is anything to look for.</summary>
    public bool IsIdle => _probes.Count == 0;

    /// <summary>
    /// Whether a secret is unlike ordinary text: a password of a few letters would be found everywhere, and say
    /// nothing.
    /// </summary>
    public static bool CanBeTold(KnownSecret secret)
    {
        const int Shortest = 8;
        const int LongEnough = 20;
        var kinds = (secret.Value.Any(char.IsAsciiLetterLower) ? 1 : 0) + (secret.Value.Any(char.IsAsciiLetterUpper)
            ? 1 : 0)
            + (secret.Value.Any(char.IsAsciiDigit) ? 1 : 0) + (secret.Value.Any(c => !char.IsAsciiLetterOrDigit(c))
            ? 1 : 0);
        return secret.Value.All(char.IsAscii) && secret.Value.Length >= Shortest && (kinds >= 2
            || secret.Value.Length >= LongEnough);
    }

    /// <summary>Begins to look at one file or text.</summary>
    public LeakScan Begin() => new(this);

    /// <summary>What is in one text, each leak once.</summary>
    public IReadOnlyList<Leak> Find(ReadOnlySpan<byte> text)
    {
        using var scan = Begin();
        scan.Add(text);
        return scan.End();
    }

    /// <summary>
    /// Each finds other places where a secret could be: in text with a character for each byte, and in bytes that are taken for
    /// UTF-16 as they are.
    /// </summary>
    internal IReadOnlyList<SearchValues<string>> Searches => _anchors;

    /// <summary>What a candidate turns out to be; null for nothing.</summary>
    internal IEnumerable<Leak> Examine(LeakWindow window)
    {
        foreach (var probe in _probes)
        {
            if (window.StartsWith(probe.Anchor) && probe.Examine(window) is { } leak)
                yield return leak;
        }
    }

    /// <summary>Something to look for in one encoding.</summary>
    /// <param name="Plain">What is searched for.</param>
    /// <param name="IsWide">Whether it is UTF-16, and so in text with a character for each byte has NUL after each character.</param>
    /// <param name="Text">What a live secret must be; empty for a shape.</param>
    private sealed record Probe(string Plain, bool IsWide, string Text)
    {
        // Tokens of one service begin alike; what tells them apart is at their end.
        private const int Telling = 64;
        private const int AnchorLength = 12;

        public string Anchor { get; } = IsWide ? Widen(Plain) : Plain;

        public KnownSecret? Secret { get; private init; }

        public SecretShapes.Shape? Shape { get; private init; }

        public static IEnumerable<Probe> Of(KnownSecret secret)
        {
            string[] spellings = [secret.Value, Uri.EscapeDataString(secret.Value)];
            foreach (var spelling in spellings.Distinct())
            {
                var text = spelling[^Math.Min(Telling, spelling.Length)..];
                var plain = text[..Math.Min(AnchorLength, text.Length)];
                yield return new Probe(plain, IsWide: false, text) { Secret = secret };
                yield return new Probe(plain, IsWide: true, Widen(text)) { Secret = secret };
            }
        }

        public static IEnumerable<Probe> Of(SecretShapes.Shape shape) => shape.Anchors.SelectMany(anchor => (Probe[])
        [
            new Probe(anchor, IsWide: false, "") { Shape = shape },
            new Probe(anchor, IsWide: true, "") { Shape = shape },
        ]);

        public Leak? Examine(LeakWindow window)
        {
            if (Secret is not null)
                return window.StartsWith(Text) ? new Leak(null, Secret) : null;
            var text = window.Read(IsWide, out var at);
            return Shape!.IsAt(text, at) ? new Leak(Shape.Code, null) : null;
        }

        private static string Widen(string text) => string.Concat(text.Select(c => $"{c}\0"))[..(2 * text.Length - 1)];
    }
}

/// <summary>A secret that was found.</summary>
/// <param name="Code">Of the rule for what it looks like; null for a live credential.</param>
/// <param name="Secret">The live credential; null for what only looks like a secret.</param>
internal sealed record Leak(string? Code, KnownSecret? Secret);
