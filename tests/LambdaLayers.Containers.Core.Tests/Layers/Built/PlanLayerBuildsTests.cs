using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Layers.Built;

public sealed class PlanLayerBuildsTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void SetUp()
    {
        _root = new TempRoot();
        _root.Write("Audit/Audit.csproj", "<Project />");
    }

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void Each_thing_is_built_once_for_each_architecture()
    {
        LayerItem[] items =
        [
            Project("Audit/Audit.csproj"),
            Command("tools", "make"),
            Project("Audit/Audit.csproj") with { TargetPath = "/opt/again" },
            new(new ItemOrigin("layer.zip"), LayerKind.Zip) { ProjectDirectory = _root.Path },
        ];

        var plan = PlanLayerBuilds.Run(items, ["linux-x64", "linux-arm64"]);

        Assert.That(plan.Select(b => $"{b.Item.Include} {b.RuntimeIdentifier} {b.Architecture}"), Is.EqualTo(new[]
        {
            "Audit/Audit.csproj linux-x64 x64", "tools linux-x64 x64",
            "Audit/Audit.csproj linux-arm64 arm64", "tools linux-arm64 arm64",
        }));
        Assert.That(plan.Select(b => b.Folder.Root), Is.Unique.And.All.StartsWith(Path.Combine(_root.Path, "obj")));
    }

    [Test]
    public void An_item_for_one_architecture_is_built_for_that_one()
    {
        var plan = PlanLayerBuilds.Run(
            [Project("Audit/Audit.csproj") with { OnlyFor = Platform.LinuxArm64 }], ["linux-x64", "linux-arm64"]);

        Assert.That(plan.Select(b => b.RuntimeIdentifier), Is.EqualTo(new[] { "linux-arm64" }));
    }

    [Test]
    public void Other_properties_and_other_commands_have_other_folders()
    {
        LayerItem[] items =
        [
            Project("Audit/Audit.csproj"),
            Project("Audit/Audit.csproj") with { AdditionalProperties = "PublishAot=true" },
            Command("tools", "make"),
            Command("tools", "make all"),
        ];

        Assert.That(PlanLayerBuilds.Run(items, ["linux-x64"]).Select(b => b.Folder), Is.Unique.And.Exactly(4).Items);
    }

    [Test]
    public void A_project_that_is_not_there_is_an_error_that_names_the_item()
    {
        var error = Assert.Throws<LayersException>(
            () => PlanLayerBuilds.Run([Project("../Audit.csproj")], ["linux-x64"]))!;

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC2400"));
        Assert.That(error.Diagnostic.Item!.Include, Is.EqualTo("../Audit.csproj"));
    }

    [Test]
    public void What_the_item_sets_is_not_removed()
    {
        var removed = ExtensionProperties.NotInherited("TargetFramework=net9.0; publishaot = true");

        Assert.That(removed, Does.Contain("SelfContained").And.Contain("ContainerRegistry"));
        Assert.That(removed, Does.Not.Contain("TargetFramework").And.Not.Contain("PublishAot"));
    }

    private LayerItem Project(string include) => new(new ItemOrigin(include), LayerKind.Project)
    {
        ProjectDirectory = _root.Path,
        BuildDirectory = Path.Combine(_root.Path, "obj"),
    };

    private LayerItem Command(string include, string command) => new(new ItemOrigin(include), LayerKind.Directory)
    {
        ProjectDirectory = _root.Path,
        BuildDirectory = Path.Combine(_root.Path, "obj"),
        BuildCommand = command,
    };
}
