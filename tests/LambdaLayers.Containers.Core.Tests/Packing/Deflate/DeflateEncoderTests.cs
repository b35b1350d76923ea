using System.Reflection;
using System.Reflection.Emit;
using CsCheck;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Deflate;

namespace LambdaLayers.Containers.Core.Tests.Packing.Deflate;

public sealed class DeflateEncoderTests
{
    private static readonly byte[] End = [3, 0];

    [Test]
    public void What_it_makes_inflates_to_what_it_was([Range(1, 9)] int level)
    {
        var encoder = new DeflateEncoder();
        foreach (var (name, content) in Contents.Samples())
        {
            var raw = Encode(encoder, content, level);

            Assert.That(Zlib.TryInflate([.. raw, .. End]), Is.EqualTo(content), name);
            Assert.That(raw, Has.Length.LessThanOrEqualTo(content.Length + (content.Length / 2000) + 10), name);
        }
    }

    [Test]
    public void Any_content_in_any_pieces_inflates_to_what_it_was() =>
        Gen.Select(Contents.Any, Gen.Int[1, 9], Gen.Int[1, 20_000]).Sample(
            (content, level, piece) =>
            {
                byte[] raw = [.. Pieces(content, level, piece).SelectMany(p => p), .. End];
                Assert.That(Zlib.TryInflate(raw), Is.EqualTo(content));
                Assert.That(Zlib.EndOf(raw), Is.EqualTo(raw.Length));
                Assert.That(new DeflateWalker().TryWalk(new MemoryStream(raw), out var extent), Is.True);
                Assert.That(extent.Length, Is.EqualTo(content.Length));
            },
            iter: 400);

    [Test]
    public void The_bytes_depend_on_nothing_but_content_and_level([Range(1, 9)] int level)
    {
        var used = new DeflateEncoder();
        foreach (var (name, content) in Contents.Samples())
        {
            var first = Encode(new DeflateEncoder(), content, level);

            Assert.That(Encode(used, content, level, slack: 0xFF), Is.EqualTo(first), name);
        }
    }

    // A change here means that layers get other digests: give the packer a new version.
    [TestCase(1, "sha256:9b4dc255f8f6a59267600af040d284163457a5ee834270b27c6c0d50d4e4b64c")]
    [TestCase(3, "sha256:d5757665d10a26f7e8d2c73fe111dc39bf917f909504e2d4b2fb818c112735b4")]
    [TestCase(6, "sha256:793955b80618d2acf378474327111cf3eecf616897d3cfbc3da3d8c376af0cc0")]
    [TestCase(9, "sha256:7c02646dbe050c7e46bb74d7aa084d499e39a07a4a533766759d9a1721799146")]
    public void The_bytes_are_the_same_on_every_machine(int level, string digest)
    {
        var encoder = new DeflateEncoder();
        byte[] all = [.. Contents.Samples().SelectMany(s => Encode(encoder, s.Content, level))];

        Assert.That(Digest.Of(all).ToString(), Is.EqualTo(digest), $"{Digest.Of(all)}");
    }

    [Test]
    public void A_higher_level_is_smaller()
    {
        var content = Contents.Text(400_000);
        int[] levels = [1, 3, 6, 9];

        Assert.That(levels.Select(level => Encode(new DeflateEncoder(), content, level).Length), Is.Ordered.Descending);
    }

    [Test]
    public void What_came_before_a_piece_is_used()
    {
        var noise = Contents.Noise(30_000);
        byte[] twice = [.. noise, .. noise];

        var pieces = Pieces(twice, 6, noise.Length);

        Assert.That(pieces[0], Has.Length.GreaterThan(noise.Length));
        Assert.That(pieces[1], Has.Length.LessThan(1000));
    }

    // At the end of the window the tables begin to forget.
    [Test]
    public void What_is_farther_away_than_the_tables_reach_is_not_used([Range(32_760, 32_772)] int distance, [Values(1, 6, 9)] int level)
    {
        var noise = Contents.Noise(distance);
        byte[] thrice = [.. noise, .. noise, .. noise];

        var raw = Encode(new DeflateEncoder(), thrice, level);

        Assert.That(Zlib.TryInflate([.. raw, .. End]), Is.EqualTo(thrice));
        Assert.That(raw.Length, distance <= DeflateFormat.WindowLength - 2 ? Is.LessThan(distance + 3000) : Is.GreaterThan(2 * distance));
    }

    [Test]
    public void Runs_refer_to_themselves([Values(1, 2, 3, 4, 5, 300)] int period, [Range(1, 9)] int level)
    {
        var content = Enumerable.Repeat(Contents.Noise(period), 200_000 / period).SelectMany(part => part).ToArray();

        var raw = Encode(new DeflateEncoder(), content, level);

        Assert.That(Zlib.TryInflate([.. raw, .. End]), Is.EqualTo(content));
        Assert.That(raw, Has.Length.LessThan(period + 1200));
    }

    [Test]
    public void Parts_of_one_array_with_others_between_them_are_used_too()
    {
        var header = Contents.Noise(500);
        byte[] data = [.. header, .. Contents.Text(5000), .. header, .. new byte[DeflateEncoder.Slack]];
        var (encoder, output) = (new DeflateEncoder(), new byte[DeflateEncoder.MaxEncoded(500)]);
        encoder.Begin(data, DeflateLevel.Of(6));

        Assert.That(encoder.Encode(0, 500, output), Is.GreaterThan(500));
        Assert.That(encoder.Encode(5500, 6000, output), Is.LessThan(30));
    }

    [Test]
    public void Noise_is_stored()
    {
        var raw = Encode(new DeflateEncoder(), Contents.Noise(200_000), 6);

        Assert.That(raw[0] & 7, Is.Zero, "a stored block");
        Assert.That(raw, Has.Length.LessThan(200_000 + 30));
    }

    [Test]
    public void No_code_of_the_runtimes_zlib_has_a_part_in_the_bytes()
    {
        var used = typeof(DeflateEncoder).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(DeflateEncoder).Namespace)
            .SelectMany(t => t.GetMethods(All).Concat<MethodBase>(t.GetConstructors(All)))
            .SelectMany(Calls)
            .Select(m => m.DeclaringType?.Namespace)
            .ToHashSet();

        Assert.That(used, Has.Member("System").And.Member(typeof(DeflateEncoder).Namespace), "the calls are seen");
        Assert.That(used, Has.No.Member("System.IO.Compression"));
    }

    [Test]
    public void The_engine_only_ever_decompresses_with_the_runtimes_zlib()
    {
        var modes = typeof(DeflateEncoder).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(All).Concat<MethodBase>(t.GetConstructors(All)))
            .SelectMany(ModesOfStreams)
            .ToList();

        Assert.That(modes, Has.Count.GreaterThan(2), "the streams are seen");
        Assert.That(modes, Has.All.EqualTo((byte)OpCodes.Ldc_I4_0.Value), "CompressionMode.Decompress");
    }

    private const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static;

    // What is on the stack last when a compressing or decompressing stream is made.
    private static IEnumerable<byte> ModesOfStreams(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 1; i < code.Length - 4; i++)
        {
            if (code[i] == OpCodes.Newobj.Value && Resolve(method, BitConverter.ToInt32(code, i + 1))?.DeclaringType is { } made
                && made.Namespace == "System.IO.Compression" && made.IsAssignableTo(typeof(Stream)))
                yield return code[i - 1];
        }
    }

    // Every place that could be a call: what is none has no method with that number, or one of our own.
    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i < code.Length - 4; i++)
        {
            if (code[i] != OpCodes.Call.Value && code[i] != OpCodes.Callvirt.Value && code[i] != OpCodes.Newobj.Value)
                continue;
            if (Resolve(method, BitConverter.ToInt32(code, i + 1)) is { } called)
                yield return called;
        }
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        try
        {
            var ofMethod = method.IsConstructor ? null : method.GetGenericArguments();
            return method.Module.ResolveMethod(token, method.DeclaringType?.GetGenericArguments(), ofMethod);
        }
        catch (Exception)
        {
            return null; // of several types, for numbers that are no method's
        }
    }

    internal static byte[] Encode(DeflateEncoder encoder, byte[] content, int level, byte slack = 0) =>
        Encode(encoder, content, 0, content.Length, level, slack);

    private static List<byte[]> Pieces(byte[] content, int level, int piece)
    {
        var encoder = new DeflateEncoder();
        var pieces = new List<byte[]>();
        for (var start = 0; start < content.Length; start += piece)
        {
            var before = Math.Min(start, DeflateFormat.WindowLength);
            var length = Math.Min(piece, content.Length - start);
            pieces.Add(Encode(encoder, content[(start - before)..(start + length)], before, before + length, level, 0));
        }

        return pieces;
    }

    private static byte[] Encode(DeflateEncoder encoder, byte[] content, int start, int end, int level, byte slack)
    {
        byte[] padded = [.. content, .. Enumerable.Repeat(slack, DeflateEncoder.Slack)];
        var output = new byte[DeflateEncoder.MaxEncoded(end - start)];
        encoder.Begin(padded, DeflateLevel.Of(level));
        encoder.Know(0, start);
        return output[..encoder.Encode(start, end, output)];
    }
}
