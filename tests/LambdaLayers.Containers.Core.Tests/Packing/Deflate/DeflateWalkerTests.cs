using System.IO.Compression;
using CsCheck;
using LambdaLayers.Containers.Core.Packing.Deflate;

namespace LambdaLayers.Containers.Core.Tests.Packing.Deflate;

public sealed class DeflateWalkerTests
{
    [ThreadStatic]
    private static DeflateWalker? _walker;

    private static DeflateWalker Walker => _walker ??= new DeflateWalker();

    private static readonly Gen<byte[]> AnyStream = Gen.Select(
        Contents.Any, Gen.Int[0, 9], Gen.OneOf(Zlib.Strategies), Gen.OneOf(200, 3000, int.MaxValue),
        Zlib.Deflate);

    [Test]
    public void It_finds_the_end_and_the_length_at_every_level_and_strategy()
    {
        foreach (var (name, content) in Contents.Samples())
        {
            // The levels between differ in how hard zlib looks; generated streams below have them all.
            foreach (var level in (int[])[0, 1, 6, 9])
            {
                foreach (var strategy in Zlib.Strategies)
                    ExpectExtent(Zlib.Deflate(content, level, strategy), content, $"{name}, {level}, {strategy}");
            }
        }
    }

    [Test]
    public void Empty_stored_blocks_may_lie_anywhere_around_the_end_of_the_buffer([Range(65_500, 65_535)] int length)
    {
        byte[] empty = [0, 0, 0, 0xFF, 0xFF];
        byte[] raw =
        [
            0, (byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8), .. new byte[length],
            .. empty, .. empty, .. empty, 3, 0,
        ];

        Assert.That(Walker.TryWalk(new MemoryStream(raw), out var extent));
        Assert.That((extent.Length, extent.LastBlock), Is.EqualTo(((long)length, (raw.Length - 2) * 8L)));
    }

    [Test]
    public void It_finds_the_end_and_the_length_of_any_stream() => Contents.Any.Select(AnyOptions, (content, o) => (content, o))
        .Sample(x => ExpectExtent(Zlib.Deflate(x.content, x.o.Level, x.o.Strategy, x.o.Flush), x.content, $"{x.o}"), iter: 300);

    [Test]
    public void A_changed_stream_is_walked_just_when_zlib_inflates_all_of_it() =>
        Gen.Select(AnyStream, Gen.Select(Gen.Double[0, 1], Gen.Int[0, 7]).Array[1, 3]).Sample(
            (raw, flips) =>
            {
                foreach (var (where, bit) in flips)
                    raw[Math.Min((int)(where * raw.Length), raw.Length - 1)] ^= (byte)(1 << bit);
                ExpectAgreement(raw);
            },
            iter: 3000);

    [Test]
    public void Garbage_is_walked_just_when_zlib_inflates_all_of_it() =>
        Gen.Byte.Array[1, 60].Sample(raw => ExpectAgreement(raw), iter: 50_000);

    [Test]
    public void A_stream_without_its_end_is_refused()
    {
        var raw = Zlib.Deflate(Contents.Text(3000), flushEvery: 700);
        for (var length = 0; length < raw.Length; length++)
            Assert.That(Walker.TryWalk(new MemoryStream(raw[..length]), out _), Is.False, $"{length}");
    }

    [Test]
    public void Bytes_after_the_end_are_refused([Values(1, 7, 8, 9, 100, 70_000)] int more)
    {
        var raw = Zlib.Deflate(Contents.Text(3000));

        Assert.That(Walker.TryWalk(new MemoryStream([.. raw, .. new byte[more]]), out _), Is.False);
    }

    [Test]
    public void It_does_not_matter_how_the_bytes_come([Values(1, 13, 65_536)] int piece)
    {
        var content = Contents.Text(200_000);

        ExpectExtent(Zlib.Deflate(content), content, "", raw => new Trickle(raw, piece));
    }

    [Test]
    public void The_end_may_be_where_the_buffer_ends()
    {
        // A stored block of every length around the buffer's.
        for (var length = 65_500; length <= 65_535; length++)
        {
            var raw = Bits.LastBlock(0).Align().Number(length, 16).Number(~length, 16).ToArray().Concat(new byte[length]).ToArray();

            Assert.That(Walker.TryWalk(new MemoryStream(raw), out var extent), Is.True);
            Assert.That(extent, Is.EqualTo(new DeflateExtent(0, raw.Length * 8, length)));
            Assert.That(Walker.TryWalk(new MemoryStream(raw[..^1]), out _), Is.False);
        }
    }

    [TestCaseSource(nameof(InvalidStreams))]
    public void Streams_that_RFC_1951_forbids_are_refused(byte[] raw)
    {
        Assert.That(Zlib.TryInflate(raw), Is.Null.Or.Empty, "zlib");
        Assert.That(Walker.TryWalk(new MemoryStream(raw), out _), Is.False);
    }

    // A changed stream whose codes leave some bits without a meaning: SharpZipLib takes none of them, and never ends.
    [Test]
    public void The_referee_comes_to_an_end_where_bits_mean_nothing()
    {
        var raw = Convert.FromHexString(
            "ED50416AC4300C9C895CD3620A85127A5BC4820EDD77E4FF6FAA6CC78EB3294BD9F3EA60CBA3D168E4EFE9FDF68E80C4344D0260BE84CF"
            + "AB7D715A7E20F8082922FE824A8942150982199244110C115854BD4DD36C1A17CC5403892C0465F23B3A625E856694A0C59C792BBCE287"
            + "E6D4BB5042699E47B4307A2DF77255A864C3AAB6DE05D126921D94BE02B012597DA9E3CAA28851A401CCC54C55348AAECED0913A83FDD1"
            + "2B6CE3B1230F6F764B7536EF69C428CCFD81AD6B5BB56DC1CEE2264F1C14C8DD225B9947CBC705EE37E3BF9E39FE0378FC9CB1C60793CE"
            + "B8798A76B2FB15AF38137F");

        Assert.That(Zlib.EndOf(raw), Is.Null);
        ExpectAgreement(raw);
    }

    [Test]
    public void A_single_distance_code_of_one_bit_is_allowed()
    {
        // Code lengths: 'a' 2 bits, end of block 2, length 3 1 bit; one distance of 1 bit; a, then 3 bytes from 1 back.
        var bits = Bits.LastBlock(2).Header(258, 1, (18, 2), (1, 2), (2, 2), (0, 2));
        Lengths(bits, ["00", "01", "10", "11"], (97, 2), (256, 2), (257, 1)).Code("01"); // distance code of length 1
        var raw = bits.Code("10").Code("0").Code("0").Code("11").ToArray();

        Assert.That(Zlib.TryInflate(raw), Is.EqualTo("aaaa"u8.ToArray()));
        ExpectExtent(raw, "aaaa"u8.ToArray(), "");
    }

    private static IEnumerable<TestCaseData> InvalidStreams()
    {
        static TestCaseData Case(string name, Bits bits) =>
            new TestCaseData(bits.Number(0, 64).ToArray()).SetArgDisplayNames(name);
        yield return Case("block type 3", Bits.LastBlock(3));
        yield return Case("length without complement", Bits.LastBlock(0).Align().Number(2, 16).Number(2, 16));
        yield return Case("fixed length code 286", Bits.LastBlock(1).Code("00110000").Code("11000110").Code("00000").Code("0000000"));
        yield return Case("fixed distance code 30", Bits.LastBlock(1).Code("00110000").Code("0000001").Code("11110").Code("0000000"));
        yield return Case("distance before the beginning",
            Bits.LastBlock(1).Code("00110000").Code("0000001").Code("00001").Code("0000000"));
        yield return Case("287 length codes", Bits.LastBlock(2).Header(287, 1, (0, 1), (1, 1)));
        yield return Case("31 distance codes", Bits.LastBlock(2).Header(257, 31, (0, 1), (1, 1)));
        yield return Case("too many code length codes", Bits.LastBlock(2).Header(257, 1, (0, 1), (1, 1), (2, 1)));
        yield return Case("too few code length codes", Bits.LastBlock(2).Header(257, 1, (0, 2), (1, 2)));
        yield return Case("no code length codes", Bits.LastBlock(2).Header(257, 1));
        yield return Case("repetition of nothing", Bits.LastBlock(2).Header(257, 1, (16, 1), (1, 1)).Code("1"));
        yield return Case("repetition beyond the last",
            Bits.LastBlock(2).Header(257, 1, (18, 1), (1, 1)).Code("1").Number(127, 7).Code("1").Number(127, 7));
        yield return Case("no end of block", Lengths(
            Bits.LastBlock(2).Header(257, 1, (18, 2), (1, 2), (2, 2), (0, 2)), ["00", "01", "10", "11"], (97, 1), (98, 1)).Code("00"));
        yield return Case("too many codes", Lengths(
            Bits.LastBlock(2).Header(257, 1, (18, 2), (1, 2), (2, 2), (0, 2)), ["00", "01", "10", "11"], (97, 1), (98, 1), (256, 1))
                .Code("00"));
        yield return Case("too few codes", Lengths(
            Bits.LastBlock(2).Header(257, 1, (18, 2), (1, 2), (2, 2), (0, 2)), ["00", "01", "10", "11"], (97, 2), (256, 2)).Code("00"));
        yield return Case("a distance where there are no distance codes", Lengths(
            Bits.LastBlock(2).Header(258, 1, (18, 2), (1, 2), (2, 2), (0, 2)), ["00", "01", "10", "11"], (97, 2), (256, 2), (257, 1))
            .Code("00").Code("10").Code("0"));
    }

    // Writes the lengths of the literal and length codes up to the last one named, with codes for the lengths 0, 1, 2
    // and runs of zeros (18).
    private static Bits Lengths(Bits bits, string[] codes, params (int Symbol, int Length)[] lengths)
    {
        var symbol = 0;
        foreach (var (next, length) in lengths)
        {
            for (; next - symbol >= 11; symbol += Math.Min(138, next - symbol))
                bits.Code(codes[3]).Number(Math.Min(138, next - symbol) - 11, 7);
            for (; symbol < next; symbol++)
                bits.Code(codes[0]);
            bits.Code(codes[length]);
            symbol++;
        }

        for (; symbol < 257; symbol++)
            bits.Code(codes[0]);
        return bits;
    }

    private static readonly Gen<(int Level, ZLibCompressionStrategy Strategy, int Flush)> AnyOptions =
        Gen.Select(Gen.Int[0, 9], Gen.OneOf(Zlib.Strategies), Gen.OneOf(200, 3000, int.MaxValue));

    private static void ExpectExtent(byte[] raw, byte[] content, string name, Func<byte[], Stream>? open = null)
    {
        Assert.That(Walker.TryWalk(open?.Invoke(raw) ?? new MemoryStream(raw), out var extent), Is.True, name);
        Assert.That(extent.Length, Is.EqualTo(content.Length), name);
        Assert.That((extent.End + 7) / 8, Is.EqualTo(raw.Length), name);
        // Right if, and only if, the stream can be put before another one: the last block's flag cleared, an empty stored
        // block to reach a byte boundary, then itself again.
        Assert.That(Zlib.TryInflate([.. Joinable(raw, extent), .. raw]), Is.EqualTo(content.Concat(content).ToArray()), name);
    }

    private static byte[] Joinable(byte[] raw, DeflateExtent extent)
    {
        var bytes = raw.ToArray();
        bytes[extent.LastBlock / 8] &= (byte)~(1 << (int)(extent.LastBlock % 8));
        var open = (int)(extent.End % 8);
        if (open != 0)
            bytes[^1] &= (byte)((1 << open) - 1);
        return [.. bytes, .. open is 0 or > 5 ? new byte[] { 0 } : [], 0, 0, 0xFF, 0xFF];
    }

    private static void ExpectAgreement(byte[] raw)
    {
        var inflated = Zlib.TryInflate(raw);
        var ends = Zlib.EndOf(raw) == raw.Length;
        if (Walker.TryWalk(new MemoryStream(raw), out var extent))
            Assert.That((inflated?.Length, ends), Is.EqualTo(((int?)extent.Length, true)), Convert.ToHexString(raw));
        else
            Assert.That(inflated is not null && ends, Is.False, Convert.ToHexString(raw));
    }

    /// <summary>Hands out a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, piece)]);
    }
}
