using LambdaLayers.Containers.TestKit.Dotnet;

// Each story runs its own dotnet processes; two at a time keep two cores busy without making anything time out.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]

namespace LambdaLayers.Containers.PackageTests;

/// <summary>Around all stories: the build servers of the run end with it.</summary>
[SetUpFixture]
public sealed class AssemblySettings
{
    [OneTimeTearDown]
    public void StopServers() => BuildServers.Stop();
}
