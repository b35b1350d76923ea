using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Aws;

/// <summary>Builds without layers of ARNs and without ECR never call AWS.</summary>
public sealed class UnusedAwsTests
{
    [Test]
    public async Task A_build_that_does_not_call_AWS_loads_none_of_its_assemblies()
    {
        using var root = new TempRoot();
        var zip = new ZipBuilder().File("a", "b"u8.ToArray()).Write(root);
        var host = Path.Combine(AppContext.BaseDirectory, "LambdaLayers.Containers.RestoreHost.dll");

        var result = await ToolRunner.RunAsync("dotnet", host, root.Folder("cache"), root.Folder("work"), zip);

        Assert.That(result.StandardError, Does.Contain("loaded LambdaLayers.Containers.Core").And.Not.Contain("AWSSDK"));
    }
}
