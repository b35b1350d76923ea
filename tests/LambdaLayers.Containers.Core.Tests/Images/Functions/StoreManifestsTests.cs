using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Images.Functions;

public sealed class StoreManifestsTests
{
    [TestCase("/opt/dotnetcore/store/x64/net10.0/artifact.xml", true)]
    [TestCase("/opt/dotnetcore/store/artifact.xml", true)]
    [TestCase("/opt/dotnetcore/store/x64/net8.0/artifact.xml", false)]
    [TestCase("/opt/dotnetcore/store/arm64/net10.0/artifact.xml", false)]
    public void Only_the_stores_that_the_host_searches_count(string path, bool counts) =>
        Assert.That(StoreManifests.Counts(path, Platform.LinuxAmd64, "net10.0"), Is.EqualTo(counts));

    [Test]
    public void On_arm_the_stores_for_arm_count() =>
        Assert.That(StoreManifests.Counts("/opt/dotnetcore/store/arm64/net10.0/artifact.xml", Platform.LinuxArm64, "net10.0"));
}
