using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Diagnostics;

/// <summary>Names from outside, as messages show them.</summary>
public sealed class DisplayTextTests
{
    [TestCase("Orders::Orders.Function::Handle", "Orders::Orders.Function::Handle")]
    [TestCase("données/Ω.txt", "données/Ω.txt")]
    [TestCase("::error::x", ":\\u003aerror:\\u003ax")]
    [TestCase(" ::error::x", " :\\u003aerror:\\u003ax")]
    [TestCase("a##vso[task.setvariable]b", "a#\\u0023vso[task.setvariable]b")]
    [TestCase("a\n::error::x", "a\\u000a::error::x")]
    [TestCase("a\u001b[31m", "a\\u001b[31m")]
    [TestCase("a\u202eb", "a\\u202eb")]
    public void A_name_is_shown_so_that_nothing_acts_on_it(string name, string shown) =>
        Assert.That(DisplayText.Name(name), Is.EqualTo(shown));

    [Test]
    public void A_long_name_is_cut() =>
        Assert.That(DisplayText.Name(new string('x', 201)), Is.EqualTo(new string('x', 200) + "…"));
}
