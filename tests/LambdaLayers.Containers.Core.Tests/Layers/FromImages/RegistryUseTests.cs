using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Layers.FromImages;

public sealed class RegistryUseTests
{
    private const string Base = "base.example";
    private const string Tools = "tools.example";

    [TestCase("base.example/b:1", true, false, TestName = "The_variables_are_for_the_base_images_registry")]
    [TestCase("mcr.microsoft.com/dotnet/runtime:10.0", false, true, TestName = "Or_for_the_items_registry_when_everybody_may_read_the_base")]
    [TestCase("public.ecr.aws/lambda/dotnet:10", false, true, TestName = "Or_for_the_items_registry_with_AWSs_base")]
    [TestCase(null, false, true, TestName = "Or_for_the_items_registry_without_a_base")]
    public void Variables(string? baseImage, bool forBase, bool forTools)
    {
        var use = Use(baseImage, $"{Tools}/t:1", "public.ecr.aws/datadog/agent:1");

        Assert.That(
            (use.VariablesAreMeantFor(Base), use.VariablesAreMeantFor(Tools), use.VariablesAreMeantFor("public.ecr.aws")),
            Is.EqualTo((forBase, forTools, false)));
    }

    [Test]
    public void Of_several_private_registries_none_gets_them()
    {
        var use = Use(null, $"{Tools}/t:1", "other.example/o:1");

        Assert.That((use.VariablesAreMeantFor(Tools), use.VariablesAreMeantFor("other.example")), Is.EqualTo((false, false)));
    }

    [Test]
    public void Profiles_belong_to_registries()
    {
        var items = new[] { Item($"{Tools}/t:1") with { Profile = "p" }, Item($"{Base}/b:1") };

        Assert.That(RegistryUse.Of(null, items).Profiles, Is.EqualTo(new Dictionary<string, string> { [Tools] = "p" }));
    }

    private static RegistryUse Use(string? baseImage, params string[] items) =>
        RegistryUse.Of(baseImage is null ? null : ImageReference.Parse(baseImage), items.Select(Item));

    private static LayerItem Item(string include) =>
        new(new ItemOrigin(include), LayerKind.Image) { ProjectDirectory = "/p" };
}
