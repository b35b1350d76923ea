using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Reporting;

namespace LambdaLayers.Containers.Tests;

public sealed class ImageSummaryTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Text = "sha256:" + Hex;

    [Test]
    public void The_summary_names_base_layers_and_destination()
    {
        var destination = new PublishDestination("team/fn", ["1", "latest"])
        {
            Repository = ImageReference.Parse("registry.test:5000/team/fn"),
        };
        var image = Of(Platform.LinuxAmd64, Layer("tools/", 1, 532), Layer("layers/long.zip", 12, 1234567, cached: true));

        Assert.That(new ImageSummary("public.ecr.aws/lambda/dotnet:10", Text).Lines(destination, [image], Text), Is.EqualTo(new[]
        {
            "Lambda image team/fn:1, :latest",
            "  base   public.ecr.aws/lambda/dotnet:10  sha256:0123456789ab",
            "  layer  tools/           /opt  1 file  532 B  sha256:0123456789ab",
            "  layer  layers/long.zip  /opt  12 files  1.2 MB  sha256:0123456789ab  cached",
            "  to     registry.test:5000/team/fn  sha256:0123456789ab",
        }));
    }

    [Test]
    public void Layers_of_several_platforms_say_which()
    {
        var destination = new PublishDestination("fn", ["1"]) { ArchivePath = "/out/fn.tar.gz" };
        Image[] images = [Of(Platform.LinuxAmd64, Layer("a", 2, 10)), Of(Platform.LinuxArm64, Layer("a", 2, 10))];

        Assert.That(new ImageSummary("scratch", "").Lines(destination, images, Text), Is.EqualTo(new[]
        {
            "Lambda image fn:1",
            "  base   scratch",
            "  layer  a  /opt  2 files  10 B  sha256:0123456789ab  linux/amd64",
            "  layer  a  /opt  2 files  10 B  sha256:0123456789ab  linux/arm64",
            "  to     /out/fn.tar.gz",
        }));
    }

    [Test]
    public void Wrapper_scripts_of_layers_are_named_whether_used_or_not()
    {
        var destination = new PublishDestination("fn", ["1"]) { ArchivePath = "/out/fn.tar.gz" };
        var layer = Layer("otel", 1, 10)
            .WithFacts(new LayerFacts { Files = 1, Programs = ["/opt/bootstrap", "/opt/otel-handler", "/opt/otel-instrument"] });
        var image = Of(Platform.LinuxAmd64, layer);
        var run = image.WithConfig(image.Config.WithCommand(["app.handler"])
            .WithEnvironment([new("AWS_LAMBDA_EXEC_WRAPPER", "/opt/otel-instrument")]));

        Assert.That(new ImageSummary("python", "") { ExecWrappers = ["/opt/otel-instrument"] }.Lines(destination, [run], Text),
            Is.EqualTo(new[]
        {
            "Lambda image fn:1",
            "  base   python",
            "  layer  otel  /opt  1 file  10 B  sha256:0123456789ab",
            "  wrapper  /opt/otel-instrument  starts the function",
            "  wrapper  /opt/bootstrap  not used: LambdaExecWrapper=/opt/bootstrap would start the function with it",
            "  wrapper  /opt/otel-handler  not used: LambdaExecWrapper=/opt/otel-handler would start the function with it",
            "  to     /out/fn.tar.gz  sha256:0123456789ab",
        }));
        Assert.That(new ImageSummary("", "").Lines(destination, [image], Text), Has.Member("  wrapper  /opt/otel-handler"),
            "nothing is run");
    }

    [TestCase(0, "0 B")]
    [TestCase(999, "999 B")]
    [TestCase(1_000, "1 KB")]
    [TestCase(1_550, "1.6 KB")]
    [TestCase(62_914_560, "62.9 MB")]
    [TestCase(2_345_000_000, "2.35 GB")]
    public void Sizes_read_as_people_write_them(long bytes, string expected)
    {
        Assert.That(ImageSummary.Size(bytes), Is.EqualTo(expected));
    }

    private static Image Of(Platform platform, params Layer[] layers) =>
        Image.Empty(platform).WithLayers(layers, DateTimeOffset.UnixEpoch);

    private static Layer Layer(string include, int files, long size, bool cached = false)
    {
        var digest = Digest.Parse(Text);
        var origin = new LayerOrigin(include) { Item = new ItemOrigin(include), TargetPath = "/opt", FromCache = cached };
        return new Layer(new Descriptor(MediaTypes.OciLayerGzip, digest, size), digest, origin, _ => Task.FromResult(Stream.Null))
        {
            Facts = new LayerFacts { Files = files },
        };
    }
}
