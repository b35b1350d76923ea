using System.Text.RegularExpressions;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Hygiene;

/// <summary>
/// Lines are as long as .editorconfig declares; the content of string literals, which nobody should break, does not count.
/// </summary>
public sealed partial class LineLengthTests
{
    private const string RawQuotes = "\"\"\"";

    private static int Limit { get; } = int.Parse(
        Declaration().Match(File.ReadAllText(Repository.PathOf(".editorconfig"))).Groups[1].ValueSpan, null);

    [Test]
    public void No_line_of_code_is_longer_than_declared()
    {
        var files = new[] { "src", "tests", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(segment => segment is "obj" or "bin"));

        Assert.That(files.SelectMany(file => LongLines(File.ReadAllLines(Repository.PathOf(file))).Select(line => $"{file}({line})")),
            Is.Empty);
    }

    [Test]
    public void What_is_too_long_is_found_and_strings_are_not()
    {
        var words = new string('x', Limit);

        Assert.That(LongLines([words, "x" + words]), Is.EqualTo(new[] { 2 }));
        Assert.That(LongLines([$"var text = \"{words}\";"]), Is.Empty);
        Assert.That(LongLines([$"var text = $\"\\\"{words}\" + {words};"]), Is.EqualTo(new[] { 1 }));
        Assert.That(LongLines([$"var text = {RawQuotes}", words + words, $"{RawQuotes};", words + words]), Is.EqualTo(new[] { 4 }));
    }

    private static IEnumerable<int> LongLines(string[] lines)
    {
        var inRaw = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var quotes = lines[i].Split(RawQuotes).Length - 1;
            if (quotes == 0 && !inRaw && StringContent().Replace(lines[i], "\"\"").Length > Limit)
                yield return i + 1;
            inRaw ^= quotes % 2 == 1;
        }
    }

    [GeneratedRegex(@"^max_line_length = (\d+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"""(?:\\.|[^""\\])*""")]
    private static partial Regex StringContent();
}
