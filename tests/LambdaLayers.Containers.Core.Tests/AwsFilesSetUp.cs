using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests;

/// <summary>
/// AWSSDK.Core decides once for each process where the config and credentials files are. Before any test uses it they
/// are put where no test can see, or change, those of whoever runs the tests.
/// </summary>
[SetUpFixture]
public sealed class AwsFilesSetUp
{
    [OneTimeSetUp]
    public void PointToFilesOfOurOwn() => AwsEnvironment.FixFiles();
}
