using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.TestKit;
using static LambdaLayers.Containers.Core.Tests.Layers.Locking.LockFileTests;

namespace LambdaLayers.Containers.Core.Tests.Layers.Locking;

/// <summary>What a lock file says is compared in words that name both sides, always in the same order.</summary>
public sealed class LockDifferenceTests
{
    private static readonly LockEntry Entry = new(LockKind.Arn, Arn, $"{Arn}:1", Of("zip"))
    {
        Size = 7,
        Region = "us-east-1",
        Version = 1,
        Architectures = ["arm64", "x86_64"],
        Runtimes = ["dotnet10"],
    };

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("nothing", Entry);
        yield return Case("another order", Entry with { Architectures = ["x86_64", "arm64"] });
        yield return Case("version", Entry with { Resolved = $"{Arn}:2" }, $"is {Arn}:2, was {Arn}:1");
        yield return Case("content", Entry with { Digest = Of("zip2") }, $"has {Of("zip2").Short}, had {Of("zip").Short}");
        yield return Case("size", Entry with { Size = 8 }, "has 8 bytes, had 7");
        yield return Case("region", Entry with { Region = "eu-west-1" }, "is resolved in eu-west-1, was in us-east-1");
        yield return Case("number", Entry with { Version = 2 }, "is version 2, was 1");
        yield return Case("architectures", Entry with { Architectures = ["arm64"] }, "names other architectures or runtimes");
        yield return Case("runtimes", Entry with { Runtimes = [] }, "names other architectures or runtimes");
        yield return Case(
            "platforms", Entry with { Platforms = new Dictionary<string, Digest> { ["linux/b"] = Of("b"), ["linux/a"] = Of("a") } },
            $"for linux/a is {Of("a").Short}, was not recorded", $"for linux/b is {Of("b").Short}, was not recorded");
        yield return Case("a packed layer", Entry with { Packed = [Pack("1", "in", "x")] }, $"in /opt packs to {Of("x").Short}, was not recorded");
        yield return Case(
            "all of it", Entry with { Size = 8, Packed = [Pack("1", "in", "x")], Platforms = new Dictionary<string, Digest> { ["p"] = Of("a") } },
            "has 8 bytes, had 7", $"for p is {Of("a").Short}, was not recorded", $"in /opt packs to {Of("x").Short}, was not recorded");

        static TestCaseData Case(string name, LockEntry after, params string[] lines) =>
            new TestCaseData(after, lines.Select(line => $"{Arn}: {line}").ToArray()).SetName($"{{m}}({name})");
    }

    [TestCaseSource(nameof(Changes))]
    public void A_change_is_told(object after, string[] lines)
    {
        Assert.That(LockDifference.Between(Document(Entry), Document((LockEntry)after)), Is.EqualTo(lines));
    }

    [Test]
    public void What_a_source_packs_to_is_told_by_its_place()
    {
        LockedLayer[] old =
            [Pack("1", "in", "x"), Pack("1", "in", "y") with { Platform = "linux/arm64" }, Pack("1", "same", "z") with { SourcePath = "/a" }];
        LockedLayer[] made =
            [Pack("2", "in2", "x2"), Pack("1", "in", "y2") with { Platform = "linux/arm64" }, Pack("2", "same", "z") with { SourcePath = "/a" }];
        var (before, after) = (Entry with { Packed = old }, Entry with { Packed = made });

        Assert.That(LockDifference.Between(Document(before), Document(after)), Is.EqualTo(
        [
            $"{Arn}: in /opt packs to {Of("x2").Short}, was {Of("x").Short} (packer 2, was 1)",
            $"{Arn}: in /opt for linux/arm64 packs to {Of("y2").Short}, was {Of("y").Short}",
        ]));
        Assert.That(LockDifference.Between(Document(before), Document(Entry)), Has.Count.EqualTo(3).And.All.Contains("packs to not recorded, was "));
    }

    [Test]
    public void Items_that_come_and_go_are_told_in_the_order_of_the_file()
    {
        LockEntry[] added = [Added("b", LockKind.Url), Added("a", LockKind.Url), Added("z", LockKind.Arn)];

        Assert.That(LockDifference.Between(LockDocument.Empty, Document(added)), Is.EqualTo(
            ["z is not in the lock file", "a is not in the lock file", "b is not in the lock file"]));
        Assert.That(LockDifference.Between(Document(added), LockDocument.Empty)[0],
            Is.EqualTo("z is in the lock file, but the project does not use it"));

        static LockEntry Added(string include, LockKind kind) => new(kind, include, include, Of("x"));
    }

    [Test]
    public void Of_a_source_only_platforms_that_both_know_count()
    {
        var recorded = Entry with { Platforms = new Dictionary<string, Digest> { ["a"] = Of("a"), ["b"] = Of("b") } };
        var told = Entry with { Platforms = new Dictionary<string, Digest> { ["b"] = Of("b2"), ["c"] = Of("c") }, Packed = [Pack("1", "in", "x")] };

        Assert.That(LockDifference.OfSource(recorded, told), Is.EqualTo([$"for b is {Of("b2").Short}, was {Of("b").Short}"]));
    }

    [Test]
    public void The_first_difference_of_two_packed_layers_names_both_sides()
    {
        var facts = new LayerFacts { Files = 1, Warnings = [new Diagnostic("LLC1", "x"), new Diagnostic("LLC2", "y")] };
        var reworded = facts with { Warnings = [new Diagnostic("LLC2", "other words"), new Diagnostic("LLC1", "z")] };
        var one = new PackedLayer(Of("a"), Of("b"), 7, facts);

        Assert.That(one.DifferenceFrom(one with { Facts = reworded }), Is.Null);
        Assert.That(one.DifferenceFrom(one with { Digest = Of("x"), Size = 8 }), Is.EqualTo($"the blob {Of("a")} is recorded, {Of("x")} was made"));
        Assert.That(one.DifferenceFrom(one with { DiffId = Of("x"), Size = 8 }), Is.EqualTo($"the diffID {Of("b")} is recorded, {Of("x")} was made"));
        Assert.That(one.DifferenceFrom(one with { Size = 8 }), Is.EqualTo("7 bytes are recorded, 8 were made"));
        Assert.That(one.DifferenceFrom(one with { Facts = facts with { Files = 2 } }), Does.StartWith("the content {").And.EndWith(" was made"));
        Assert.That(one.DifferenceFrom(one with { Facts = facts with { Warnings = [new Diagnostic("LLC1", "x")] } }), Is.Not.Null);
    }

    [Test]
    public void A_file_lists_everything_in_one_order()
    {
        LockedLayer[] packed =
        [
            Pack("1", "i", "x"),
            Pack("1", "i", "y") with { TargetPath = "/opt/a" },
            Pack("1", "i", "z") with { SourcePath = "/s" },
            Pack("1", "i", "w") with { SourcePath = "/s", Platform = "p" },
        ];
        var first = Entry with { Runtimes = ["a", "b"], Packed = packed };
        var second = first with { Runtimes = ["b", "a"], Architectures = ["x86_64", "arm64"], Packed = [.. Enumerable.Reverse(packed)] };
        var other = new LockEntry(LockKind.Url, "https://example.com/a.zip", "https://example.com/a.zip", Of("u"));

        Assert.That(LockFormat.Write(Document(other, second)), Is.EqualTo(LockFormat.Write(Document(first, other))));
        Assert.That(LockFormat.Read(LockFormat.Write(Document(first)), "x").Items[0].Packed.Select(p => $"{p.TargetPath} {p.SourcePath} {p.Platform}"),
            Is.EqualTo(["/opt  ", "/opt /s ", "/opt /s p", "/opt/a  "]));
    }

    [TestCase("[]", "It has no version.")]
    [TestCase("{}", "It has no version.")]
    [TestCase("""{"version":0}""", "It has no version.")]
    [TestCase("""{"version":1,"items":[null]}""", "An item is null.")]
    [TestCase("""{"version":1,"items":[ITEM,ITEM]}""", "An item is in it twice.")]
    [TestCase("""{"version":1,"items":[ITEM+"size":-1]}""", "A number of 'https://a' cannot be.")]
    [TestCase("""{"version":1,"items":[ITEM+"version":0]}""", "A number of 'https://a' cannot be.")]
    [TestCase("""{"version":1,"items":[ITEM+"runtimes":[null]]}""", "A list of 'https://a' has null in it.")]
    [TestCase("""{"version":1,"items":[ITEM+"packed":[null]]}""", "What 'https://a' packs to cannot be.")]
    public void What_a_file_cannot_say_is_named(string text, string words)
    {
        var item = $$"""{"kind":"url","include":"https://a","resolved":"https://a","digest":"{{Of("x")}}"}""";
        // ITEM+"a":1 is an item with one more member.
        text = Regex.Replace(text, @"ITEM\+(.*)\]\}$", match => $"{item[..^1]},{match.Groups[1].Value}}}]}}")
            .Replace("ITEM", item, StringComparison.Ordinal);

        Assert.That(() => LockFormat.Read(text, "x"), Throws.TypeOf<LayersException>().With.Message.Contains(words));
    }

    [TestCase("{\n<<<<<<< HEAD\n", 2)]
    [TestCase("=======", 1)]
    [TestCase("\n\n>>>>>>> x", 3)]
    [TestCase("\n||||||| base", 2)]
    public void A_merge_conflict_is_named_by_its_line(string text, int line) =>
        Assert.That(() => LockFormat.Read(text, "x"), Throws.TypeOf<LayersException>().With.Message.Contains($"merge conflict (line {line})"));

    [Test]
    public async Task A_locked_project_and_its_file_are_about_the_same()
    {
        using var root = new TempRoot();
        var path = root.File("lambda-layers.lock.json");
        var file = LockFile.Open(path, locked: false);
        file.Set(Entry);
        await file.SaveAsync(default);
        var other = new LockKey(LockKind.Arn, Arn + "-other");

        Assert.That(() => LockFile.Open(path, locked: true).DemandKnown([Entry.Key()]), Throws.Nothing);
        Assert.That(() => LockFile.Open(path, locked: false).DemandKnown([other]), Throws.Nothing);
        Assert.That(() => LockFile.Open(path, locked: true).DemandKnown([other]), Throws.TypeOf<LayersException>()
            .With.Message.Contains($"{Arn}-other is not in the lock file; {Arn} is in the lock file, but the project does not use it"));
    }

    private static LockDocument Document(params LockEntry[] entries) => LockDocument.Empty with { Items = entries };

    private static LockedLayer Pack(string packer, string inputs, string blob) =>
        new("/opt", packer, Of(inputs), Of(blob), Of(blob + " tar"), 5, new LayerFacts());
}
