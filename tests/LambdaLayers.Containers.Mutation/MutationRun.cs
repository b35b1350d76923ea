using System.Collections.Concurrent;
using System.Diagnostics;

namespace LambdaLayers.Containers.Mutation;

/// <summary>
/// Tries mutants, most of them one after the other in a few processes that stay. Where that says nothing certain a mutant gets a
/// process of its own: after a time-out, a process that died or a test that goes on failing, and if it runs only once in each process.
/// </summary>
internal sealed class MutationRun
{
    private const double LowestScore = 80;
    private const int ProgressEvery = 100;

    private readonly string _folder;
    private readonly string _factsFile;
    private readonly IReadOnlyList<string> _namespaces;
    private readonly TestFacts _facts;
    private readonly ConcurrentQueue<Mutant> _together = [];
    private readonly ConcurrentQueue<Mutant> _alone = [];
    private readonly ConcurrentBag<Verdict> _verdicts = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private MutationRun(string folder, string factsFile, IReadOnlyList<string> namespaces) =>
        (_folder, _factsFile, _namespaces, _facts) = (folder, factsFile, namespaces, TestFacts.Read(factsFile));

    /// <summary>Whether enough are detected, as an exit code.</summary>
    /// <param name="mutants">Those to try.</param>
    /// <param name="folder">The built tests with the engine that Stryker compiled, which is changed.</param>
    /// <param name="output">For the results.</param>
    /// <param name="namespaces">The tests to run, below the namespace of all.</param>
    public static async Task<int> RunAsync(IReadOnlyList<Mutant> mutants, string folder, string output, IReadOnlyList<string> namespaces)
    {
        if (mutants.Count == 0)
            throw new InvalidOperationException("There are no mutants.");
        MutatedEngine.Rewrite(Path.Combine(folder, $"{MutatedEngine.Assembly}.dll"));
        var program = typeof(MutationRun).Assembly.Location;
        File.Copy(program, Path.Combine(folder, Path.GetFileName(program)), overwrite: true);

        var facts = Path.Combine(output, "tests.json");
        await HostProcess.MeasureAsync(folder, facts, namespaces);
        var run = new MutationRun(folder, facts, namespaces);
        run.Plan(mutants);
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => run.WorkAsync()));
        var score = new MutationScore([.. run._verdicts]);
        await score.WriteAsync(output);
        Console.WriteLine(score.Table());
        Console.WriteLine($"{run._clock.Elapsed:h\\:mm\\:ss}, survivors are in {Path.Combine(output, MutationScore.SurvivorsFile)}");
        if (score.Percent >= LowestScore)
            return 0;
        Console.WriteLine($"The score is below {LowestScore:F0} %.");
        return 1;
    }

    private void Plan(IReadOnlyList<Mutant> mutants)
    {
        var counts = _namespaces.Select(name => $"{_facts.Tests.Count(test => MutatedTests.IsIn(name, test.Name))} tests of {name}");
        Console.WriteLine($"{mutants.Count} mutants, {string.Join(", ", counts)}");
        foreach (var test in _facts.Tests.Where(test => test.Failure is not null))
            Console.WriteLine($"left out, does not pass without a mutant: {test.Name}: {test.Failure}");

        var covered = _facts.Tests.Where(test => test.Failure is null).SelectMany(test => test.Mutants).ToHashSet();
        foreach (var mutant in mutants)
        {
            if (covered.Contains(mutant.Id))
                _together.Enqueue(mutant);
            else if (_facts.Static.Contains(mutant.Id))
                _alone.Enqueue(mutant);
            else
                Add(new Verdict(mutant, Outcome.NoCoverage));
        }
    }

    private async Task WorkAsync()
    {
        HostProcess? host = null;
        try
        {
            while (_together.TryDequeue(out var mutant))
            {
                host ??= await HostProcess.StartAsync(_folder, _factsFile, _namespaces);
                var verdict = await host.TryAsync(mutant);
                if (verdict.Outcome == Outcome.Killed || (verdict.Outcome == Outcome.Survived && !_facts.Static.Contains(mutant.Id)))
                    Add(verdict);
                else
                    _alone.Enqueue(mutant);
                if (!host.IsUsable)
                {
                    host.Dispose();
                    host = null;
                }
            }
        }
        finally
        {
            host?.Dispose();
        }

        while (_alone.TryDequeue(out var mutant))
            Add(await HostProcess.TryAloneAsync(_folder, _factsFile, _namespaces, mutant));
    }

    private void Add(Verdict verdict)
    {
        _verdicts.Add(verdict);
        if (_verdicts.Count % ProgressEvery == 0)
            Console.WriteLine($"{_clock.Elapsed:h\\:mm\\:ss} {_verdicts.Count} done");
    }
}
