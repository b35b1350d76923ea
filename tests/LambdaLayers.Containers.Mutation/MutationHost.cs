using System.Globalization;
using NUnit.Framework.Interfaces;

namespace LambdaLayers.Containers.Mutation;

/// <summary>
/// Tries mutants in this process, which was started in the folder of the tests and with their dependencies. What it writes to the
/// output is for <see cref="HostProcess"/>.
/// </summary>
internal sealed class MutationHost
{
    /// <summary>The first line: everything is loaded.</summary>
    public const string Ready = "ready";

    /// <summary>Begins a line with the milliseconds after which the next line is not to be waited for.</summary>
    public const string Within = "within";

    /// <summary>Begins a line with an error that is this program's own, and no mutant's.</summary>
    public const string Broken = "broken";

    // NUnit runs a selection in its own order. Few at first, so that quick tests come first and the clock is tight.
    private const int FirstChunk = 12;
    private const int ChunkGrowth = 4;

    // A test that takes longer is not preferred for having killed others.
    private const double QuickMilliseconds = 120;

    // Above what tests take without a mutant, so that a busy machine is not taken for a loop without end.
    private const double GraceMilliseconds = 4000;
    private const double Slower = 5;

    private readonly TextWriter _output;
    private readonly MutatedTests _tests;
    private readonly TestFacts _facts;
    private readonly HashSet<string> _ran = [];
    private readonly Dictionary<string, int> _lastKill = [];
    private int _kills;

    private MutationHost(TextWriter output, MutatedTests tests, TestFacts facts)
    {
        (_output, _tests, _facts) = (output, tests, facts);
        Say(Ready);
    }

    /// <summary>Runs everything without a mutant, and writes down what is to be known of it.</summary>
    public static void Measure(string facts, IEnumerable<string> namespaces)
    {
        Console.SetOut(TextWriter.Null);
        TestFacts.Measure(new MutatedTests(namespaces, MutatedEngine.None)).Write(facts);
    }

    /// <summary>Tries each mutant whose number is on a line of the input with the tests that run it, until the input ends.</summary>
    public static void Serve(string facts, IEnumerable<string> namespaces) => Guard(output =>
    {
        var host = new MutationHost(output, new MutatedTests(namespaces, MutatedEngine.None), TestFacts.Read(facts));
        while (Console.In.ReadLine() is { } line)
        {
            var mutant = int.Parse(line, CultureInfo.InvariantCulture);
            var killer = host.FindKiller(mutant, host._facts.Of(mutant));
            host.Say(killer is not null && host.Fails(killer) ? $"{Outcome.Doubtful}" : Answer(killer));
        }
    });

    /// <summary>
    /// Tries a mutant that is on from the beginning of the process with the tests that run it; if it runs only once in a process, then
    /// also with all others, any of which may depend on what it left.
    /// </summary>
    public static void TryAlone(int mutant, string facts, IEnumerable<string> namespaces) => Guard(output =>
    {
        var host = new MutationHost(output, new MutatedTests(namespaces, mutant), TestFacts.Read(facts));
        var tests = host._facts.Of(mutant);
        host.Say(Answer(host.FindKiller(mutant, host._facts.Static.Contains(mutant) ? tests.Concat(host.Others(mutant)) : tests)));
    });

    private static string Answer(string? killer) => killer is null ? $"{Outcome.Survived}" : $"{Outcome.Killed} {killer}";

    // Of the tests that there are now: names of cases may come from what the mutant changes.
    private IEnumerable<TestFacts.Test> Others(int mutant)
    {
        var known = _facts.Tests.ToDictionary(test => test.Name);
        return _tests.Names
            .Select(name => known.GetValueOrDefault(name) ?? new TestFacts.Test(name, 0, [], null))
            .Where(test => test.Failure is null && !test.Mutants.Contains(mutant))
            .OrderBy(test => test.Milliseconds);
    }

    private string? FindKiller(int mutant, IEnumerable<TestFacts.Test> tests)
    {
        var ordered = tests
            .OrderByDescending(test => test.Milliseconds < QuickMilliseconds ? _lastKill.GetValueOrDefault(test.Name) : 0)
            .ToList();
        string? killer = null;
        var size = FirstChunk;
        for (var at = 0; at < ordered.Count && killer is null; at += size, size *= ChunkGrowth)
        {
            var chunk = ordered[at..Math.Min(at + size, ordered.Count)];
            SayWithin(chunk);
            _tests.Activate(mutant);
            _tests.Run(chunk.Select(test => test.Name).ToHashSet(), started: null, result =>
            {
                if (killer is not null || result.Test.IsSuite || result.ResultState.Status != TestStatus.Failed)
                    return;
                killer = result.Test.FullName;
                _tests.Stop();
            });
            _tests.Activate(MutatedEngine.None);
        }

        if (killer is not null)
            _lastKill[killer] = ++_kills;
        return killer;
    }

    private void SayWithin(IReadOnlyCollection<TestFacts.Test> tests)
    {
        var isWarm = _ran.IsSupersetOf(tests.Select(test => test.Name));
        _ran.UnionWith(tests.Select(test => test.Name));
        var time = GraceMilliseconds + (Slower * tests.Sum(test => test.Milliseconds)) + (isWarm ? 0 : _facts.WarmUpMilliseconds);
        Say(string.Create(CultureInfo.InvariantCulture, $"{Within} {time:F0}"));
    }

    private bool Fails(string name)
    {
        SayWithin([.. _facts.Tests.Where(test => test.Name == name)]);
        var failed = false;
        _tests.Run(new HashSet<string> { name }, started: null, result => failed |= result.ResultState.Status == TestStatus.Failed);
        return failed;
    }

    private void Say(string line) => Say(_output, line);

    private static void Say(TextWriter output, string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    // An error of this program would look like a mutant that ends the process, which counts as detected.
    private static void Guard(Action<TextWriter> action)
    {
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            action(output);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Say(output, $"{Broken} {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
