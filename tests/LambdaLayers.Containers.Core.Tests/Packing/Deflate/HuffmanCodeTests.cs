using CsCheck;
using LambdaLayers.Containers.Core.Packing.Deflate;

namespace LambdaLayers.Containers.Core.Tests.Packing.Deflate;

public sealed class HuffmanCodeTests
{
    [Test]
    public void Any_code_is_complete_and_within_its_limit() =>
        Gen.Select(Gen.Int[9, 15], Gen.OneOf(Gen.Const(0), Gen.Int[0, 9], Gen.Int[0, 500_000]).Array[286]).Sample((limit, counts) =>
        {
            var code = new HuffmanCode(counts.Length, limit);
            code.Build(counts);
            ExpectComplete(code, limit);
            for (var i = 0; i < counts.Length && counts.Count(c => c > 0) > 1; i++)
                Assert.That(code.Lengths[i] > 0, Is.EqualTo(counts[i] > 0));
        });

    [Test]
    public void The_rarer_a_symbol_the_longer_its_code_and_of_equal_ones_that_of_the_first() =>
        Gen.OneOf(Gen.Int[1, 3], Gen.Int[1, 300], Gen.Int[1, 70_000], Gen.Int[1, 20_000_000]).Array[286].Sample(counts =>
        {
            var code = new HuffmanCode(counts.Length, 15);
            code.Build(counts);
            Assert.That(
                Enumerable.Range(0, counts.Length).OrderBy(i => counts[i]).Select(i => code.Lengths[i]), Is.Ordered.Descending);
        });

    [Test]
    public void No_other_code_is_shorter() =>
        Gen.Int[4_000, 200_000].Array[286].Sample(counts =>
        {
            var code = new HuffmanCode(counts.Length, 15);
            code.Build(counts);

            // D. A. Huffman: A method for the construction of minimum-redundancy codes (1952).
            var (nodes, bits) = (new PriorityQueue<long, long>(counts.Select(c => ((long)c, (long)c))), 0L);
            while (nodes.Count > 1)
            {
                var both = nodes.Dequeue() + nodes.Dequeue();
                bits += both;
                nodes.Enqueue(both, both);
            }

            Assert.That(counts.Zip(code.Lengths, (count, length) => (long)count * length).Sum(), Is.EqualTo(bits));
        });

    [TestCase(7)]
    [TestCase(15)]
    public void Codes_that_would_be_too_long_are_shortened(int limit)
    {
        var counts = new int[30];
        (counts[0], counts[1]) = (1, 1);
        for (var i = 2; i < counts.Length; i++)
            counts[i] = counts[i - 1] + counts[i - 2];
        var code = new HuffmanCode(counts.Length, limit);

        code.Build(counts);

        ExpectComplete(code, limit);
        Assert.That(code.Lengths, Is.Ordered.Descending);
    }

    [Test]
    public void A_code_is_turned_bit_by_bit() =>
        Gen.Select(Gen.Int[1, DeflateFormat.MaxCodeLength], Gen.Int[0, ushort.MaxValue]).Sample((length, bits) =>
        {
            var code = bits & ((1 << length) - 1);
            var digits = Convert.ToString(code, 2).PadLeft(length, '0');
            Assert.That(DeflateFormat.Reverse(code, length), Is.EqualTo(Convert.ToInt32(string.Concat(digits.Reverse()), 2)));
        });

    [TestCase(0, 0)]
    [TestCase(5, 0)]
    [TestCase(0, 5)]
    public void There_are_always_two_symbols(int first, int last)
    {
        var code = new HuffmanCode(30, 15);

        code.Build([first, .. new int[28], last]);

        Assert.That(code.Lengths.Count(l => l == 1), Is.EqualTo(2));
        ExpectComplete(code, 1);
    }

    [Test]
    public void It_is_as_short_as_can_be()
    {
        var code = new HuffmanCode(6, 15);

        code.Build([45, 13, 12, 16, 9, 5]);

        Assert.That(code.Lengths, Is.EqualTo(new byte[] { 1, 3, 3, 3, 4, 4 }));
    }

    [Test]
    public void The_codes_are_those_of_the_RFCs_example()
    {
        var code = new HuffmanCode(8, 15);

        code.Set([3, 3, 3, 3, 3, 2, 4, 4]);

        // RFC 1951, 3.2.2; there with the highest bit first.
        Assert.That(code.Codes, Is.EqualTo(new ushort[] { 0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111 }));
    }

    // Kraft's sum of exactly one: every sequence of bits means something, and only one thing.
    private static void ExpectComplete(HuffmanCode code, int limit)
    {
        var used = code.Lengths.Where(l => l > 0).ToArray();
        Assert.That(used.Max(), Is.LessThanOrEqualTo(limit));
        Assert.That(used.Sum(l => 1L << (limit - l)), Is.EqualTo(1L << limit));
    }
}
