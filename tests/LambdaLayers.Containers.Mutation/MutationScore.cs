using System.Globalization;
using System.Text;

namespace LambdaLayers.Containers.Mutation;

/// <summary>The results of a run, for people and for files.</summary>
internal sealed class MutationScore
{
    /// <summary>What to write tests for: each mutant that no test notices.</summary>
    public const string SurvivorsFile = "survivors.txt";

    private static readonly Outcome[] Columns = [Outcome.Killed, Outcome.Timeout, Outcome.Died, Outcome.Survived, Outcome.NoCoverage];

    private readonly IReadOnlyList<Verdict> _verdicts;

    public MutationScore(IEnumerable<Verdict> verdicts) =>
        _verdicts =
        [
            .. verdicts
                .OrderBy(verdict => verdict.Mutant.File, StringComparer.Ordinal)
                .ThenBy(verdict => verdict.Mutant.Line)
                .ThenBy(verdict => verdict.Mutant.Id),
        ];

    /// <summary>How many of all are detected.</summary>
    public double Percent => PercentOf(_verdicts);

    /// <summary>The counts for each file and in all.</summary>
    public string Table()
    {
        var files = _verdicts.GroupBy(verdict => verdict.Mutant.File).Select(file => (Name: file.Key, Verdicts: file.ToList())).ToList();
        files.Add(("all", [.. _verdicts]));
        var width = files.Max(file => file.Name.Length);
        var text = new StringBuilder();
        text.AppendLine($"{new string(' ', width)} {"score",8}{string.Concat(Columns.Select(column => $"{column,12}"))}");
        foreach (var (name, verdicts) in files)
        {
            var counts = Columns.Select(column => $"{verdicts.Count(verdict => verdict.Outcome == column),12}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{name.PadRight(width)} {PercentOf(verdicts),6:F2} %{string.Concat(counts)}");
        }

        return text.ToString();
    }

    /// <summary>Writes the survivors, and one line with tabs for every mutant.</summary>
    public async Task WriteAsync(string folder)
    {
        await File.WriteAllLinesAsync(
            Path.Combine(folder, SurvivorsFile),
            _verdicts.Where(verdict => !verdict.IsDetected).Select(verdict =>
                $"{Place(verdict)} {verdict.Mutant.Mutator}, {verdict.Outcome}\n  - {verdict.Mutant.Source}\n  + {verdict.Mutant.Replacement}"));
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "mutants.tsv"),
            _verdicts.Select(verdict => string.Join(
                '\t', verdict.Mutant.File, verdict.Mutant.Line, verdict.Mutant.Id, verdict.Outcome, verdict.Killer)));
    }

    private static string Place(Verdict verdict) => $"{verdict.Mutant.File}({verdict.Mutant.Line}): #{verdict.Mutant.Id}";

    private static double PercentOf(IReadOnlyList<Verdict> verdicts) =>
        100.0 * verdicts.Count(verdict => verdict.IsDetected) / verdicts.Count;
}
