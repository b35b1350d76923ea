using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.FolderRules;

/// <summary>
/// The engine's folders in the order of docs/architecture.md: each may use only those before it. Read from the compiled
/// assembly, so that no way of writing a use escapes.
/// </summary>
public sealed class ArchitectureTests
{
    private const string Root = "LambdaLayers.Containers.Core";

    // Engine classes lie in the root folder, and may use everything.
    private static readonly FolderOrder Engine = new(
        Root, "Diagnostics", "Content", "Http", "Oci", "Packing", "Aws", "Layers", "Images", "Verification", "Deployment");

    private static readonly FolderOrder PlantedOrder = new("LambdaLayers.Containers.Core.Tests.FolderRules.Planted", "Low", "High");

    private static readonly Lazy<IReadOnlyCollection<TypeUse>> Uses = new(() => TypeUses.Of(typeof(Engine).Assembly.Location));

    private static readonly Lazy<IReadOnlyList<string>> PlantedOffences = new(
        () => PlantedOrder.Offences(TypeUses.Of(typeof(ArchitectureTests).Assembly.Location)));

    private static IEnumerable<string> PlantedKinds() =>
        typeof(Planted.Low.Clean).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Planted.Low.Clean).Namespace && !type.IsNested && type != typeof(Planted.Low.Clean))
            .Select(type => type.Name);

    [Test]
    public void Every_folder_of_the_engine_has_its_place_in_the_order()
    {
        var folders = Directory.GetDirectories(Repository.PathOf("src", Root)).Select(Path.GetFileName).Except(["bin", "obj"]);

        Assert.That(folders, Is.SubsetOf(Engine.Folders));
    }

    [Test]
    public void A_folder_uses_only_those_before_it() => Assert.That(Engine.Offences(Uses.Value), Is.Empty);

    [Test]
    public void Only_the_Aws_folder_sees_the_AWS_SDK()
    {
        var users = Uses.Value.Where(use => use.Assembly.StartsWith("AWSSDK", StringComparison.Ordinal)).ToList();

        Assert.That(users, Is.Not.Empty);
        Assert.That(users.Where(use => Engine.FolderOf(use.FromNamespace) != "Aws"), Is.Empty);
    }

    [Test]
    public void The_engine_does_not_know_MSBuild() =>
        Assert.That(
            typeof(Engine).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name),
            Has.None.StartsWith("Microsoft.Build"));

    [TestCase("Oci.Staging")]
    public void The_registry_for_the_SDK_uses_nothing_but_the_framework_and_the_object_model(string folder)
    {
        var uses = Uses.Value.Where(use => use.FromNamespace == $"{Root}.{folder}").ToList();

        Assert.That(uses.Where(use => use.Assembly.Length > 0).Select(use => use.Assembly.Split('.')[0]), Is.All.EqualTo("System"));
        Assert.That(
            uses.Where(use => Engine.IsOurs(use.ToNamespace)).Select(use => Engine.FolderOf(use.ToNamespace)),
            Is.All.AnyOf("Content", "Diagnostics", "Oci"));
    }

    [TestCaseSource(nameof(PlantedKinds))]
    public void A_planted_violation_is_found(string kind) =>
        Assert.That(PlantedOffences.Value.Select(offence => offence.Replace("`1", "", StringComparison.Ordinal)),
            Does.Contain($"Low.{kind.Split('`')[0]} -> High"));

    [Test]
    public void Code_that_keeps_the_order_is_not_found() =>
        Assert.That(PlantedOffences.Value, Has.None.StartsWith("Low.Clean").And.None.StartsWith("High."));
}
