using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>Each limit of a layer, and that what is just allowed is allowed.</summary>
public sealed class LayerBudgetTests
{
    private static readonly Limits Small = Limits.Default with
    {
        Entries = 3,
        NameBytes = 10,
        UnpackedBytes = 100,
        FreelyUnpackedBytes = 20,
        Expansion = 10,
        Depth = 2,
    };

    [Test]
    public void Entries_are_counted_one_by_one_and_in_advance()
    {
        var budget = new LayerBudget(Small);
        budget.Add("a");
        budget.AddEntries(2);

        Refused.With("LLC3070", () => budget.Add("b"));
    }

    [Test]
    public void Names_and_targets_of_all_entries_are_counted_together()
    {
        var budget = new LayerBudget(Small);
        budget.Add("abcd", "efg");
        budget.AddName(3);

        Refused.With("LLC3073", () => budget.AddName(1));
        Refused.With("LLC3073", () => new LayerBudget(Small).Add("abcdef", "ghijk"));
        Refused.With("LLC3073", () => new LayerBudget(Small).AddContent(Entry("x") with { LinkTarget = new string('x', 11) }, 1));
    }

    [Test]
    public void Sizes_are_counted_together_and_never_wrap()
    {
        var budget = new LayerBudget(Small);
        budget.Add("a", size: 60);
        budget.Add("b", size: 40);

        Refused.With("LLC3071", () => budget.Add("c", size: 1));
        Refused.With("LLC3071", () => budget.AddContent(Entry("c") with { Size = long.MaxValue }, 1));
        Refused.With("LLC3071", () => budget.AddContent(Entry("c") with { Size = long.MaxValue }, 1), "9,223,372,036,854,775,807");
    }

    [TestCase(20, 1, true)]
    [TestCase(21, 1, false)]
    [TestCase(30, 3, true)]
    [TestCase(31, 3, false)]
    public void More_than_a_little_must_not_come_of_too_little(long size, long compressed, bool taken)
    {
        void Add() => new LayerBudget(Small).AddContent(Entry("a") with { Size = size }, compressed);

        if (taken)
            Assert.That(Add, Throws.Nothing);
        else
            Refused.With("LLC3074", Add);
    }

    [Test]
    public void Folders_nest_as_deep_as_is_allowed()
    {
        new LayerBudget(Small).Add("a/b/c");

        Refused.With("LLC3072", () => new LayerBudget(Small).Add("a/b/c/d"));
        Refused.With("LLC3072", () => new LayerBudget(Small).AddContent(Entry("a/b/c/d"), 1));
    }

    private static LayerEntry Entry(string path) => new(path, EntryKind.File);
}
