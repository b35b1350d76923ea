using System.Text.Json;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace LambdaLayers.Containers.Mutation;

/// <summary>What the tests do while no mutant is on.</summary>
/// <param name="Tests">Quickest first.</param>
/// <param name="Static">
/// Mutants that a static initialiser runs, or the making of test cases: once in each process, so whatever test happens to be first.
/// </param>
/// <param name="WarmUpMilliseconds">How much longer all take when they are the first in their process.</param>
internal sealed record TestFacts(IReadOnlyList<TestFacts.Test> Tests, HashSet<int> Static, double WarmUpMilliseconds)
{
    // Twice for what only fails the second time, and once more for what fails now and then.
    private const int Rounds = 3;

    /// <param name="Name">Full; cases with the same are taken as one.</param>
    /// <param name="Milliseconds">In a warm process.</param>
    /// <param name="Mutants">Which it runs.</param>
    /// <param name="Failure">Why it can say nothing about mutants; null for one that passes.</param>
    internal sealed record Test(string Name, double Milliseconds, HashSet<int> Mutants, string? Failure);

    /// <summary>Runs everything.</summary>
    public static TestFacts Measure(MutatedTests tests)
    {
        var once = tests.TakeCovered().Select(found => found.Mutant).ToHashSet();
        var mutants = tests.Names.ToDictionary(name => name, _ => new HashSet<int>());
        var milliseconds = new Dictionary<string, double>();
        var failures = new Dictionary<string, string>();
        var totals = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            // What is covered before a case is what sets up its fixture, for all cases of that.
            tests.Run(tests.Names, test => Charge(Fixture(test)), result =>
            {
                Charge(result.Test);
                if (result.Test.IsSuite)
                    return;
                milliseconds[result.Test.FullName] = result.Duration * 1000;
                if (result.ResultState.Status is not (TestStatus.Passed or TestStatus.Warning))
                    failures[result.Test.FullName] = $"{result.ResultState.Status}: {result.Message?.Trim().Split('\n')[0]}";
            });
            totals.Add(milliseconds.Values.Sum());
        }

        return new TestFacts(
            [
                .. milliseconds
                    .OrderBy(test => test.Value)
                    .Select(test => new Test(test.Key, test.Value, mutants[test.Key], failures.GetValueOrDefault(test.Key))),
            ],
            once,
            Math.Max(0, totals[0] - totals[^1]));

        void Charge(ITest test)
        {
            var found = tests.TakeCovered();
            once.UnionWith(found.Where(item => item.IsStatic).Select(item => item.Mutant));
            foreach (var name in MutatedTests.Cases(test).Select(item => item.FullName).Where(mutants.ContainsKey))
                mutants[name].UnionWith(found.Select(item => item.Mutant));
        }
    }

    public static TestFacts Read(string path) => JsonSerializer.Deserialize<TestFacts>(File.ReadAllText(path))!;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this));

    /// <summary>The tests to run with a mutant, quickest first.</summary>
    public IEnumerable<Test> Of(int mutant) => Tests.Where(test => test.Failure is null && test.Mutants.Contains(mutant));

    private static ITest Fixture(ITest test) => test is TestFixture || test.Parent is null ? test : Fixture(test.Parent);
}
