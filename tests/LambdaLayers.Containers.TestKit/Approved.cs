using NUnit.Framework;

namespace LambdaLayers.Containers.TestKit;

/// <summary>
/// Snapshots that people approve: text files beside the tests. LLC_APPROVE=1 rewrites them; the diff then is for review.
/// </summary>
public static class Approved
{
    /// <summary>Fails where a text is not the approved one.</summary>
    /// <param name="project">The test project's folder.</param>
    /// <param name="fileName">Of the approved text, relative to it.</param>
    /// <param name="actual">The text.</param>
    public static void Check(string project, string fileName, string actual)
    {
        var file = Repository.PathOf("tests", project, fileName);
        if (Environment.GetEnvironmentVariable("LLC_APPROVE") == "1")
        {
            File.WriteAllText(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.That(Differences(approved, actual), Is.Empty, () =>
            $"{fileName} says otherwise. If that is wanted, run the test with LLC_APPROVE=1 and look at the diff; names that users depend on need a line in CHANGELOG.md.\n"
            + string.Join('\n', Differences(approved, actual)));
    }

    /// <summary>
    /// The lines that are gone (-) and new (+), as diff finds them (a longest common subsequence): a moved line is both, and one
    /// that is there twice counts twice. Each is under the heading that it belongs to.
    /// </summary>
    public static IReadOnlyList<string> Differences(string approved, string actual)
    {
        var (before, after) = (Qualified(approved), Qualified(actual));
        var common = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j]
                    ? common[i + 1, j + 1] + 1
                    : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var differences = new List<string>();
        for (var (i, j) = (0, 0); i < before.Count || j < after.Count;)
        {
            if (i < before.Count && j < after.Count && before[i] == after[j])
                (i, j) = (i + 1, j + 1);
            else if (j == after.Count || (i < before.Count && common[i + 1, j] >= common[i, j + 1]))
                differences.Add("- " + before[i++]);
            else
                differences.Add("+ " + after[j++]);
        }

        return differences;
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
