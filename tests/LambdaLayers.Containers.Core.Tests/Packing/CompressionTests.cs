using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class CompressionTests
{
    [TestCase("", 6, true)]
    [TestCase("Reuse", 6, true)]
    [TestCase("reuse", 6, true)]
    [TestCase("Fastest", 1, true)]
    [TestCase("Optimal", 6, false)]
    [TestCase("Smallest", 9, false)]
    [TestCase("1", 1, true)]
    [TestCase("9", 9, true)]
    public void What_the_property_means(string text, int level, bool reuse) =>
        Assert.That(Compression.Parse(text), Is.EqualTo(new Compression(level, reuse)));

    [TestCase("0")]
    [TestCase("10")]
    [TestCase("-1")]
    [TestCase("6 ")]
    [TestCase("best")]
    public void Anything_else_is_an_error_that_names_it(string text) =>
        Refused.With("LLC2101", () => { _ = Compression.Parse(text); }, $"'{text}'");

    [Test]
    public void Settings_that_give_other_bytes_have_other_names() =>
        Assert.That(
            new[] { "Reuse", "Fastest", "Optimal", "Smallest", "2", "9" }.Select(t => Compression.Parse(t).ToString()), Is.Unique);
}
