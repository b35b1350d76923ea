using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Verification.Rules;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>docs/verification.md has every rule, as it is.</summary>
public sealed partial class RuleTableTests
{
    [Test]
    public void The_table_has_each_rule_with_its_severity_and_source_in_their_order()
    {
        var rows = File.ReadLines(Repository.PathOf("docs", "verification.md")).Where(line => line.StartsWith("| "
            + "[LLC", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries));

        Assert.That(
            rows.Select(cells => $"{cells[1]} {cells[2].ToUpperInvariant()} {cells[3]} {cells[4]}"),
            Is.EqualTo(AllRules.List.Select(rule =>
                $"[{rule.Code}](diagnostics.md#{rule.Code.ToLowerInvariant()}) {rule.Title.ToUpperInvariant()} "
                    + $"{rule.Severity.ToString().ToLowerInvariant()} <{rule.Source}>")));
    }

    [Test]
    public void Tests_that_the_documentation_names_are_there()
    {
        var tests = Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), File: file)).ToLookup(test => test.Name, test => test.File);
        var named = TestName().Matches(File.ReadAllText(Repository.PathOf("docs", "verification.md")));

        Assert.That(named, Has.Count.GreaterThan(20));
        Assert.That(
            named.Where(name => !tests[name.Groups["class"].Value].Any(file =>
                File.ReadAllText(file).Contains($" {name.Groups["method"].Value}", StringComparison.Ordinal))),
            Is.Empty);
    }

    [GeneratedRegex(@"`(?<class>[A-Za-z]+(Tests|Story|Stories|ToEcr))(\.(?<method>[A-Za-z_0-9]+))?`", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();
}
