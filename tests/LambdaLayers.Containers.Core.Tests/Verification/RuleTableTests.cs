using LambdaLayers.Containers.Core.Verification.Rules;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>docs/verification.md has every rule, as it is.</summary>
public sealed class RuleTableTests
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
}
