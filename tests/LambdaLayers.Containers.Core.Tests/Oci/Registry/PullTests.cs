using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

public class PullTests : RegistryFixture
{
    [Test]
    public async Task An_image_comes_with_its_documents_and_blobs()
    {
        var image = await PullAsync();
        var layer = await ReadAllAsync(await image.Layers[1].OpenCompressedAsync(default));

        Assert.That(image.Manifest.Bytes.ToArray(), Is.EqualTo(Image.Manifest.Bytes.ToArray()));
        Assert.That(image.Config.Digest, Is.EqualTo(Image.Config.Digest));
        Assert.That(layer, Is.EqualTo(Image.Layers[1]));
        Assert.That(image.PinnedDigest, Is.EqualTo(Image.Manifest.Digest));
    }

    [Test]
    public async Task An_index_gives_an_image_for_each_platform_and_is_what_gets_pinned()
    {
        var arm = TestImage.Create(ManifestFamily.Docker, Platform.LinuxArm64, "arm");
        arm.AddTo(Fake, "team/base", "arm");
        var index = ImageIndex.Of(ManifestFamily.Docker, [
            Image.Manifest.Descriptor with { Platform = Platform.LinuxAmd64 },
            arm.Manifest.Descriptor with { Platform = new Platform("linux", "arm64", "v8") }]);
        Fake.AddManifest("team/base", "1", index.MediaType, index.Bytes.ToArray());

        var images = await new ImagePuller(Client()).PullAsync(Reference, [Platform.LinuxArm64, Platform.LinuxAmd64], default);

        Assert.That(images.Select(x => x.Manifest.Digest), Is.EqualTo(new[] { arm.Manifest.Digest, Image.Manifest.Digest }));
        Assert.That(images.Select(x => x.PinnedDigest), Is.All.EqualTo(index.Digest));
    }

    [Test]
    public async Task An_empty_blob_needs_no_transfer()
    {
        var stream = await Client().GetBlobAsync(Reference, new Descriptor(MediaTypes.OciLayer, Digest.Of([]), 0), default);

        Assert.That(await ReadAllAsync(stream), Is.Empty);
    }

    [Test]
    public async Task A_missing_tag_is_named()
    {
        var failure = await FailureAsync(() => Client().ResolveManifestAsync(ImageReference.Parse($"{Fake.Host}/team/base:2"), default));

        Assert.That(failure.Code, Is.EqualTo("LLC1004"));
        Assert.That(failure.Message, Does.Contain("/team/base:2").And.Contain("MANIFEST_UNKNOWN"));
    }

    [Test]
    public async Task A_missing_repository_is_named()
    {
        Fake.Interfere = context => Refuse(context, 404, "NAME_UNKNOWN", "repository name not known to registry");

        var failure = await FailureAsync(() => Client().ResolveManifestAsync(Reference, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1005"));
        Assert.That(failure.Message, Does.Contain("no repository 'team/base'"));
    }

    [Test]
    public async Task A_missing_blob_is_named()
    {
        var blob = new Descriptor(MediaTypes.OciLayer, Digest.Of("nothing"u8), 7);

        var failure = await FailureAsync(() => Client().GetBlobAsync(Reference, blob, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1006"));
        Assert.That(failure.Message, Does.Contain(blob.Digest.ToString()));
    }

    [Test]
    public async Task A_missing_architecture_comes_with_a_list_of_those_there_are()
    {
        var index = ImageIndex.Of(ManifestFamily.Docker, [
            Image.Manifest.Descriptor with { Platform = Platform.LinuxAmd64 },
            Image.Manifest.Descriptor with { Platform = new Platform("linux", "s390x") },
            Image.Manifest.Descriptor with { Platform = new Platform("unknown", "unknown") }]);
        Fake.AddManifest("team/base", "1", index.MediaType, index.Bytes.ToArray());

        var failure = await FailureAsync(() => new ImagePuller(Client()).PullAsync(Reference, Platform.LinuxArm64, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1007"));
        Assert.That(failure.Message, Does.Contain("not there for linux/arm64").And.Contain("linux/amd64, linux/s390x.")
            .And.Not.Contain("unknown"));
    }

    [Test]
    public async Task A_single_image_for_another_architecture_is_refused()
    {
        var failure = await FailureAsync(() => new ImagePuller(Client()).PullAsync(Reference, Platform.LinuxArm64, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1007"));
        Assert.That(failure.Message, Does.Contain("it is for linux/amd64"));
    }

    [Test]
    public async Task A_forbidden_image_says_so()
    {
        Fake.Interfere = context => Refuse(context, 403, "DENIED", "requested access to the resource is denied");

        var failure = await FailureAsync(() => PullAsync());

        Assert.That(failure.Code, Is.EqualTo("LLC1003"));
        Assert.That(failure.Message, Does.Contain("requested access to the resource is denied"));
    }

    [Test]
    public async Task A_registry_that_is_not_there_is_unreachable()
    {
        var failure = await FailureAsync(() => Client().ResolveManifestAsync(ImageReference.Parse("nowhere.test/a:1"), default));

        Assert.That(failure.Code, Is.EqualTo("LLC1000"));
        Assert.That(failure.Message, Does.Contain("'nowhere.test"));
    }

    [Test]
    public async Task A_web_page_is_not_taken_for_a_registry()
    {
        Fake.Interfere = async context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync("<html>Please accept our terms</html>");
            return true;
        };

        Assert.That((await FailureAsync(() => PullAsync())).Code, Is.EqualTo("LLC1010"));
    }

    [TestCase("""{"schemaVersion":1,"name":"x"}""", "application/json", "LLC1014")]
    [TestCase("""{}""", "application/vnd.docker.distribution.manifest.v1+prettyjws", "LLC1014")]
    [TestCase("""{"mediaType":"application/vnd.oci.artifact.manifest.v1+json"}""", "application/vnd.oci.artifact.manifest.v1+json", "LLC1015")]
    [TestCase("""{"schemaVersion":2,"manifests":[],"layers":[]}""", "application/json", "LLC1016")]
    [TestCase("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""", "application/vnd.oci.image.manifest.v1+json", "LLC1016")]
    [TestCase("""{"schemaVersion":2,"layers":[]}""", "application/vnd.oci.image.index.v1+json", "LLC1016")]
    [TestCase("not json", "application/vnd.oci.image.index.v1+json", "LLC1016")]
    public async Task What_is_no_image_is_refused_by_kind(string text, string mediaType, string code)
    {
        Fake.AddManifest("team/base", "1", mediaType, System.Text.Encoding.UTF8.GetBytes(text));

        Assert.That((await FailureAsync(() => PullAsync())).Code, Is.EqualTo(code));
    }

    [Test]
    public async Task A_chart_in_the_shape_of_an_image_is_not_one()
    {
        var text = System.Text.Encoding.UTF8.GetString(Image.Manifest.Bytes.Span)
            .Replace(MediaTypes.DockerConfig, "application/vnd.cncf.helm.config.v1+json", StringComparison.Ordinal);
        Fake.AddManifest("team/base", "1", Image.Manifest.MediaType, System.Text.Encoding.UTF8.GetBytes(text));

        var failure = await FailureAsync(() => PullAsync());

        Assert.That(failure.Code, Is.EqualTo("LLC1015"));
        Assert.That(failure.Message, Does.Contain("helm"));
    }

    private static async Task<bool> Refuse(HttpContext context, int status, string code, string message)
    {
        await EmbeddedRegistry.ErrorAsync(context, status, code, message);
        return true;
    }
}
