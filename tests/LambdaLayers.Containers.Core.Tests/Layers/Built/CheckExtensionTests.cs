using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers.Built;

public sealed class CheckExtensionTests
{
    private static readonly ExtensionProject Project = new("Audit", "Exe", SelfContained: false, PublishAot: false, []);

    private TempRoot _root = null!;

    private BuiltLayerFolder Folder => new(Path.Combine(_root.Path, "Audit-1", "amd64"));

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void Several_target_frameworks_are_an_error_with_the_line_that_picks_one()
    {
        var error = Refused(Project with { TargetFrameworks = ["net9.0", "net10.0"] }, "lambda/dotnet");

        Assert.That(error.Code, Is.EqualTo("LLC2401"));
        Assert.That(error.Message, Does.Contain("AdditionalProperties=\"TargetFramework=net10.0\""));
    }

    [Test]
    public void A_library_is_an_error()
    {
        Assert.That(Refused(Project with { OutputType = "Library" }, "lambda/dotnet").Code, Is.EqualTo("LLC2402"));
    }

    [TestCase("lambda/provided")]
    [TestCase("scratch")]
    [TestCase("dotnet/runtime-deps")]
    public void A_framework_dependent_extension_on_a_base_without_dotnet_is_an_error(string baseImage)
    {
        var error = Refused(Project, baseImage);

        Assert.That(error.Code, Is.EqualTo("LLC2403"));
        Assert.That(error.Message, Does.Contain(baseImage).And.Contain("SelfContained"));
    }

    [TestCase(false, false, "lambda/dotnet")]
    [TestCase(true, false, "lambda/provided")]
    [TestCase(false, true, "lambda/provided")]
    public void What_can_run_is_described_once(bool selfContained, bool native, string baseImage)
    {
        var project = Project with { SelfContained = selfContained, PublishAot = native };
        CheckExtension.Run("../Audit/Audit.csproj", project, baseImage, Folder);
        File.SetLastWriteTimeUtc(Folder.Description, DateTime.UnixEpoch);

        CheckExtension.Run("../Audit/Audit.csproj", project, baseImage, Folder);

        Assert.That(File.GetLastWriteTimeUtc(Folder.Description), Is.EqualTo(DateTime.UnixEpoch));
        Assert.That(File.ReadAllText(Folder.Description), Does.Contain("\"name\":\"Audit\""));
    }

    private Diagnostic Refused(ExtensionProject project, string baseImage) => Assert.Throws<LayersException>(
        () => CheckExtension.Run("../Audit/Audit.csproj", project, baseImage, Folder))!.Diagnostic;
}
