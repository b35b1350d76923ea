using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class LayerPathTests
{
    [TestCase("a", "a")]
    [TestCase("a/b/", "a/b")]
    [TestCase("./a/./b", "a/b")]
    [TestCase("./", "")]
    [TestCase(".", "")]
    [TestCase("...", "...")]
    [TestCase("a..b/..c", "a..b/..c")]
    [TestCase("man/Foo::Bar.3pm", "man/Foo::Bar.3pm")]
    [TestCase("with space\nand line", "with space\nand line")]
    [TestCase("wh/x.wh.", "wh/x.wh.")]
    [TestCase("naïve/文件/😀", "naïve/文件/😀")]
    public void A_name_that_stays_inside_is_taken(string name, string path)
    {
        Assert.That(LayerPath.Check(name), Is.EqualTo(path));
    }

    [TestCase("/etc/passwd", "LLC3050")]
    [TestCase("/", "LLC3050")]
    [TestCase("//server/share", "LLC3050")]
    [TestCase("C:/Windows", "LLC3051")]
    [TestCase("c:x", "LLC3051")]
    [TestCase("..", "LLC3052")]
    [TestCase("../a", "LLC3052")]
    [TestCase("a/../b", "LLC3052")]
    [TestCase("a/..", "LLC3052")]
    [TestCase("a/../", "LLC3052")]
    [TestCase("a\\b", "LLC3053")]
    [TestCase("..\\a", "LLC3053")]
    [TestCase("a\0b", "LLC3054")]
    [TestCase("", "LLC3055")]
    [TestCase("a//b", "LLC3055")]
    [TestCase("a//", "LLC3055")]
    [TestCase("a/.wh.b", "LLC3057")]
    [TestCase(".wh..wh..opq", "LLC3057")]
    public void A_name_that_could_mean_another_place_is_refused(string name, string code)
    {
        Refused.With(code, () => LayerPath.Check(name));
    }

    [Test]
    public void A_name_that_UTF8_cannot_write_is_refused()
    {
        Refused.With("LLC3061", () => LayerPath.Check("a/\ud800"), mentions: "\\ud800");
    }

    [Test]
    public void Names_are_as_long_as_Linux_allows_and_no_longer()
    {
        var segment = new string('é', 127) + "x"; // 255 bytes
        var path = string.Join('/', Enumerable.Repeat(segment, 15)) + "/" + new string('p', 4095 - (15 * 256));

        Assert.That(LayerPath.Check(path), Is.EqualTo(path));
        Refused.With("LLC3056", () => LayerPath.Check(segment + "x"));
        Refused.With("LLC3056", () => LayerPath.Check(path + "/" + segment));
    }

    [Test]
    public void A_refusal_shows_no_control_characters()
    {
        Refused.With("LLC3052", () => LayerPath.Check("../\u001b[2J\r\n"), mentions: "'../\\u001b[2J\\u000d\\u000a'");
    }
}
