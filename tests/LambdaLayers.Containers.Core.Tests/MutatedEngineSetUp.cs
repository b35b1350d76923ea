using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests;

/// <summary>
/// Gives <c>tests/mutation.sh</c> what Stryker compiled, for Stryker keeps it only while it runs tests. Does nothing for anybody else.
/// </summary>
[SetUpFixture]
public sealed class MutatedEngineSetUp
{
    [OneTimeSetUp]
    public void HandOutTheMutatedEngine()
    {
        var target = Environment.GetEnvironmentVariable("LLC_MUTATED_ENGINE");
        var engine = typeof(LayersException).Assembly;
        // Stryker also runs tests before there are mutants.
        if (target is not null && engine.GetTypes().Any(type => type.Name == "MutantControl"))
            File.Copy(engine.Location, target, overwrite: true);
    }
}
