namespace LambdaLayers.Containers.Mutation;

/// <param name="Mutant">What was tried.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Killer">The test that failed, where one did.</param>
internal sealed record Verdict(Mutant Mutant, Outcome Outcome, string? Killer = null)
{
    /// <summary>As Stryker counts: what the tests notice, in whatever way.</summary>
    public bool IsDetected => Outcome is Outcome.Killed or Outcome.Timeout or Outcome.Died;
}

/// <summary>What became of a mutant. The names are those of Stryker's schema where that has one.</summary>
internal enum Outcome
{
    /// <summary>No test runs the changed code.</summary>
    NoCoverage,

    /// <summary>All tests that run it pass.</summary>
    Survived,

    /// <summary>A test fails.</summary>
    Killed,

    /// <summary>The tests take so much longer that it may never end.</summary>
    Timeout,

    /// <summary>The process of the tests ended, as by a stack overflow.</summary>
    Died,

    /// <summary>
    /// A test fails, and goes on failing without the mutant: this one, or one before, has left the process in disorder. Never a result.
    /// </summary>
    Doubtful,
}
