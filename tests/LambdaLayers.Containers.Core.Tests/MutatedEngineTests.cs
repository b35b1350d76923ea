using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests;

/// <summary>
/// Not a test of the engine: the only one that <c>tests/mutation.sh</c> lets Stryker run, to get hold of what Stryker compiled. It
/// runs nothing of the engine, so that no mutant is covered and Stryker has nothing to test.
/// </summary>
public sealed class MutatedEngineTests
{
    [Test, Explicit("tests/mutation.sh runs it")]
    public void Stryker_hands_out_the_mutated_engine()
    {
        var target = Environment.GetEnvironmentVariable("LAMBDALAYERS_MUTATED_ENGINE");
        var engine = typeof(LayersException).Assembly;
        // Stryker also runs it before there are mutants.
        if (target is not null && engine.GetTypes().Any(type => type.Name == "MutantControl"))
            File.Copy(engine.Location, target, overwrite: true);
    }
}
