using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Images.Functions;

public sealed class LayerEnvironmentTests
{
    [Test]
    public void AWSs_own_images_look_into_opt_already() =>
        Assert.That(For(FunctionImages.Provided, new LayerFacts()), Is.Empty);

    [Test]
    public void Other_images_look_into_opt_last()
    {
        var variables = For(FunctionImages.Debian, new LayerFacts());

        Assert.That(variables["PATH"], Is.EqualTo("/usr/bin:/bin:/opt/bin"));
        Assert.That(variables["LD_LIBRARY_PATH"], Is.EqualTo(
            "/lib64:/usr/lib64:/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:/lib:/usr/lib:/opt/lib"));
    }

    [Test]
    public void An_image_that_says_nothing_keeps_the_usual_path()
    {
        var variables = For(FunctionImages.Base(null), new LayerFacts());

        Assert.That(variables["PATH"], Is.EqualTo("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/bin"));
    }

    [Test]
    public void A_folder_is_not_named_twice()
    {
        var variables = For(FunctionImages.Base(null, "PATH=/opt/bin:/bin", "LD_LIBRARY_PATH=/opt/lib"), new LayerFacts());

        Assert.That(variables["PATH"], Is.EqualTo("/opt/bin:/bin"));
        Assert.That(variables["LD_LIBRARY_PATH"], Is.EqualTo("/opt/lib"));
    }

    [Test]
    public void Without_a_layer_in_opt_nothing_changes()
    {
        var elsewhere = FunctionImages.Layer(targetPath: "/optional");

        Assert.That(LayerEnvironment.For(FunctionImages.Debian.Config, Platform.LinuxAmd64, [elsewhere], []), Is.Empty);
    }

    [Test]
    public void Each_store_of_a_layer_is_searched_once()
    {
        var variables = For(FunctionImages.Dotnet,
            new LayerFacts { Stores = ["/opt/dotnetcore/store"] },
            new LayerFacts { Stores = ["/opt/dotnetcore/store", "/opt/more/dotnetcore/store"] });

        Assert.That(variables["DOTNET_SHARED_STORE"], Is.EqualTo("/opt/dotnetcore/store:/opt/more/dotnetcore/store"));
    }

    [Test]
    public void A_store_of_the_base_stays_first()
    {
        var variables = For(
            FunctionImages.Base(null, [.. FunctionImages.AwsEnvironment, "DOTNET_SHARED_STORE=/usr/store"]),
            new LayerFacts { Stores = ["/opt/dotnetcore/store"] });

        Assert.That(variables["DOTNET_SHARED_STORE"], Is.EqualTo("/usr/store:/opt/dotnetcore/store"));
    }

    private static IReadOnlyDictionary<string, string> For(Image @base, params LayerFacts[] facts) =>
        LayerEnvironment.For(@base.Config, Platform.LinuxAmd64, [.. facts.Select(f => FunctionImages.Layer(f))], []);
}
