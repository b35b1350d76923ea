using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>
/// Snapshots that people approve: text files beside the tests. LLC_APPROVE=1 rewrites them; the diff then is for review.
/// </summary>
internal static class Approved
{
    public static void Check(string fileName, string actual)
    {
        var file = Repository.PathOf("tests", "LambdaLayers.Containers.PackageTests", fileName);
        if (Environment.GetEnvironmentVariable("LLC_APPROVE") == "1")
        {
            File.WriteAllText(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.That(Differences(approved, actual), Is.Empty, () =>
            $"{fileName} says otherwise. If that is wanted, run the tests with LLC_APPROVE=1 and add a line to CHANGELOG.md.\n"
            + string.Join('\n', Differences(approved, actual)));
    }

    /// <summary>Lines that are gone (-) and new (+), each under its heading.</summary>
    private static List<string> Differences(string approved, string actual)
    {
        var (before, after) = (Qualified(approved), Qualified(actual));
        return [.. before.Except(after).Select(line => "- " + line), .. after.Except(before).Select(line => "+ " + line)];
    }

    // An indented line means something only below the line that it belongs to.
    private static List<string> Qualified(string text)
    {
        var heading = "";
        var lines = new List<string>();
        foreach (var line in text.Split('\n').Where(line => line.Length > 0))
        {
            heading = line[0] == ' ' ? heading : line;
            lines.Add(line[0] == ' ' ? $"{heading} / {line.Trim()}" : line);
        }

        return lines;
    }
}
