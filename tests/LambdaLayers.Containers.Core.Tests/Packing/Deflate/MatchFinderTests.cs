using System.Text;
using LambdaLayers.Containers.Core.Packing.Deflate;

namespace LambdaLayers.Containers.Core.Tests.Packing.Deflate;

public sealed class MatchFinderTests
{
    private static readonly DeflateLevel Level = new(Depth: 10, Nice: 100, Lazy: 0, Threes: true);

    [TestCase("abcdefgh.abcd.abcdef.", "abcdefgh", 8, 21, TestName = "The longest of several")]
    [TestCase("abcd.abcd:", "abcd!", 4, 5, TestName = "The nearest of equal ones")]
    [TestCase("", "aaaaaaaa", 0, 0, TestName = "Nothing at the first place")]
    [TestCase("abc.", "abcd", 3, 4, TestName = "Three bytes, where there are no four")]
    [TestCase("abc.abcd.", "abcd", 4, 5, TestName = "Rather four bytes than three")]
    [TestCase("ab.", "abcd", 0, 0, TestName = "Not two")]
    public void Match(string before, string here, int length, int distance) =>
        Assert.That(Find(before, here, Level), Is.EqualTo((length, distance)));

    [Test]
    public void A_match_of_three_bytes_is_a_matter_of_the_level() =>
        Assert.That(Find("abc.", "abcd", Level with { Threes = false }), Is.EqualTo((0, 0)));

    [Test]
    public void A_match_that_is_long_enough_ends_the_search() =>
        Assert.That(Find("abcdefgh.abcdef.", "abcdefgh", Level with { Nice = 5 }), Is.EqualTo((6, 7)));

    [TestCase(1, 4)]
    [TestCase(2, 5)]
    [TestCase(3, 6)]
    public void No_more_places_are_looked_at_than_the_level_says(int depth, int length) =>
        Assert.That(Find("abcdef.abcde.abcd.", "abcdef!", Level with { Depth = depth }).Length, Is.EqualTo(length));

    [Test]
    public void A_match_goes_on_into_itself() => Assert.That(Find("ab", "abababab", Level), Is.EqualTo((8, 2)));

    [TestCase(258, 258)]
    [TestCase(400, 258)]
    public void A_match_is_as_long_as_deflate_has_them_at_most(int here, int length) =>
        Assert.That(Find("a", new string('a', here), Level), Is.EqualTo((length, 1)));

    // What comes after the end would match, too.
    [Test]
    public void A_match_ends_at_the_end()
    {
        var data = Encoding.ASCII.GetBytes("abcdefgh.abcdefgh........");
        var finder = new MatchFinder();
        finder.Begin(data, Level);
        finder.EndAt(14);
        finder.Skip(0, 9);

        Assert.That(finder.Longest(9, finder.Open().Note(9), Level.Depth).Length, Is.EqualTo(5));
        Assert.That(finder.Open().Note(11), Is.EqualTo(new MatchFinder.Earlier(-1, -1)), "three bytes are left");
    }

    [TestCase(4, 6)]
    [TestCase(5, 6)]
    [TestCase(6, 0)]
    public void A_longer_match_is_longer(int than, int length)
    {
        const string Before = "abcdef.abcde.";
        var (finder, earlier) = Note(Before, "abcdef!", Level);

        Assert.That(finder.Longer(Before.Length, earlier, than, Level.Depth).Length, Is.EqualTo(length));
    }

    private static (int Length, int Distance) Find(string before, string here, DeflateLevel level)
    {
        var (finder, earlier) = Note(before, here, level);
        var match = finder.Longest(before.Length, earlier, level.Depth);
        return (match.Length, match.Distance);
    }

    // The places before are noted one by one, as they are where matches are looked for.
    private static (MatchFinder Finder, MatchFinder.Earlier Earlier) Note(string before, string here, DeflateLevel level)
    {
        byte[] data = [.. Encoding.ASCII.GetBytes(before + here), .. new byte[MatchFinder.Slack]];
        var finder = new MatchFinder();
        finder.Begin(data, level);
        finder.EndAt(before.Length + here.Length);
        var tables = finder.Open();
        for (var place = 0; place < before.Length; place++)
            tables.Note(place);
        return (finder, tables.Note(before.Length));
    }
}
