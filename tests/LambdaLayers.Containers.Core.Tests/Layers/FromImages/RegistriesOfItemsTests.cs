using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Layers.FromImages;

public sealed class RegistriesOfItemsTests
{
    [Test]
    public void Profiles_belong_to_registries_and_the_base_is_nobody_elses()
    {
        var items = new[] { Item("tools.example/t:1") with { Profile = "p" }, Item("other.example/b:1") };

        var use = RemoteItems.RegistriesOf(ImageReference.Parse("base.example/b:1"), items);

        Assert.That(use.BaseRegistry, Is.EqualTo("base.example"));
        Assert.That(use.Profiles, Is.EqualTo(new Dictionary<string, string> { ["tools.example"] = "p" }));
        Assert.That(RemoteItems.RegistriesOf(null, items).BaseRegistry, Is.Null);
    }

    private static LayerItem Item(string include) =>
        new(new ItemOrigin(include), LayerKind.Image) { ProjectDirectory = "/p" };
}
