using System.Globalization;
using System.Text.Json;

namespace LambdaLayers.Containers.Mutation;

/// <summary>One change that Stryker compiled into the engine, switched on by its number.</summary>
/// <param name="Id">The number that <c>MutantControl.IsActive</c> is asked for.</param>
/// <param name="File">Relative to the engine's folder.</param>
/// <param name="Line">Where the change begins, from 1.</param>
/// <param name="Mutator">Stryker's name for the kind of change.</param>
/// <param name="Source">That line as it is.</param>
/// <param name="Replacement">What stands in place of the changed code.</param>
internal sealed record Mutant(int Id, string File, int Line, string Mutator, string Source, string Replacement)
{
    private const string Engine = "/src/LambdaLayers.Containers.Core/";

    /// <summary>
    /// Those of Stryker's report (https://github.com/stryker-mutator/mutation-testing-elements, mutation-testing-report-schema) that
    /// count for a score: not the ones that Stryker leaves out, nor those that do not compile.
    /// </summary>
    /// <param name="report">In JSON.</param>
    /// <param name="folder">Of the engine, with those in it.</param>
    public static IReadOnlyList<Mutant> Read(string report, string folder)
    {
        using var stream = System.IO.File.OpenRead(report);
        using var document = JsonDocument.Parse(stream);
        var mutants = new List<Mutant>();
        foreach (var file in document.RootElement.GetProperty("files").EnumerateObject())
        {
            var path = file.Name.Replace('\\', '/');
            var name = path[(path.LastIndexOf(Engine, StringComparison.Ordinal) + Engine.Length)..];
            if (!name.StartsWith($"{folder}/", StringComparison.Ordinal))
                continue;
            var lines = file.Value.GetProperty("source").GetString()!.Split('\n');
            foreach (var mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                if (mutant.GetProperty("status").GetString() is "Ignored" or "CompileError")
                    continue;
                var line = mutant.GetProperty("location").GetProperty("start").GetProperty("line").GetInt32();
                mutants.Add(new Mutant(
                    int.Parse(mutant.GetProperty("id").GetString()!, CultureInfo.InvariantCulture),
                    name,
                    line,
                    mutant.GetProperty("mutatorName").GetString()!,
                    lines[line - 1].Trim(),
                    mutant.TryGetProperty("replacement", out var replacement) ? OneLine(replacement.GetString()!) : ""));
            }
        }

        return mutants;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries));
}
