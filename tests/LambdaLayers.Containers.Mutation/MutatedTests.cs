using System.Reflection;
using NUnit;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace LambdaLayers.Containers.Mutation;

/// <summary>The tests of the engine, loaded into this process with a <see cref="MutatedEngine"/>. They run one after the other.</summary>
internal sealed class MutatedTests
{
    private const string Assembly = "LambdaLayers.Containers.Core.Tests";

    private readonly NUnitTestAssemblyRunner _runner = new(new DefaultTestAssemblyBuilder());
    private readonly FieldInfo _active;
    private readonly byte[] _covered;

    /// <param name="namespaces">Below that of the tests.</param>
    /// <param name="mutant">On from the first, for all that runs only once; or <see cref="MutatedEngine.None"/>.</param>
    public MutatedTests(IEnumerable<string> namespaces, int mutant)
    {
        var engine = System.Reflection.Assembly.Load(MutatedEngine.Assembly);
        var control = engine.GetTypes().Single(type => type.Name == MutatedEngine.ControlType);
        _active = control.GetField(MutatedEngine.ActiveField)!;
        _covered = (byte[])control.GetField(MutatedEngine.CoveredField)!.GetValue(null)!;
        Activate(mutant);
        _runner.Load(
            System.Reflection.Assembly.Load(Assembly),
            new Dictionary<string, object>
            {
                [FrameworkPackageSettings.NumberOfTestWorkers] = 0,
                // Else a test's end is told some time later, and what it covered is taken for the next one's.
                [FrameworkPackageSettings.SynchronousEvents] = true,
            });
        var all = namespaces.ToList();
        Names = Cases(_runner.LoadedTest!)
            .Where(test => !IsExplicit(test))
            .Select(test => test.FullName)
            .Where(name => all.Exists(item => IsIn(item, name)))
            .Where(name => !name.Contains("RealLayer", StringComparison.Ordinal))
            .ToHashSet();
    }

    /// <summary>Full names of the test cases; those that are explicit or take real layers are left out.</summary>
    public IReadOnlySet<string> Names { get; }

    /// <summary>Whether a test lies in a namespace, or in one below it.</summary>
    public static bool IsIn(string @namespace, string test) => test.StartsWith($"{Assembly}.{@namespace}.", StringComparison.Ordinal);

    public void Activate(int mutant) => _active.SetValue(null, mutant);

    /// <summary>What was run, while no mutant was on, since this was last asked.</summary>
    public IReadOnlyList<(int Mutant, bool IsStatic)> TakeCovered()
    {
        var found = new List<(int Mutant, bool IsStatic)>();
        for (var mutant = 0; mutant < _covered.Length; mutant++)
        {
            if (_covered[mutant] != 0)
                found.Add((mutant, (_covered[mutant] & MutatedEngine.StaticBit) != 0));
            _covered[mutant] = 0;
        }

        return found;
    }

    /// <param name="names">What to run.</param>
    /// <param name="started">Called before a case, when its fixture is set up.</param>
    /// <param name="finished">Called after a case, and after each suite that has one of them.</param>
    public void Run(IReadOnlySet<string> names, Action<ITest>? started, Action<ITestResult> finished) =>
        _runner.Run(new Listener(started, finished), new NameFilter(names));

    /// <summary>Within <see cref="Run"/>: begins no further test.</summary>
    public void Stop() => _runner.StopRun();

    public static IEnumerable<ITest> Cases(ITest test) => test.IsSuite ? test.Tests.SelectMany(Cases) : [test];

    private static bool IsExplicit(ITest test) =>
        test.RunState == RunState.Explicit || (test.Parent is not null && IsExplicit(test.Parent));

    private sealed class Listener(Action<ITest>? started, Action<ITestResult> finished) : ITestListener
    {
        public void TestStarted(ITest test)
        {
            if (!test.IsSuite)
                started?.Invoke(test);
        }

        public void TestFinished(ITestResult result) => finished(result);

        public void TestOutput(TestOutput output)
        {
        }

        public void SendMessage(TestMessage message)
        {
        }
    }

    private sealed class NameFilter(IReadOnlySet<string> names) : TestFilter
    {
        public override bool Match(ITest test) => !test.IsSuite && names.Contains(test.FullName);

        public override TNode AddToXml(TNode parentNode, bool recursive) => throw new NotSupportedException();
    }
}
