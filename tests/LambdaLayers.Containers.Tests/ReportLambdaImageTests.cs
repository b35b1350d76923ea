using LambdaLayers.Containers.Reporting;
using LambdaLayers.Containers.Tests.Support;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers.Tests;

public sealed class ReportLambdaImageTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Test]
    public void The_summary_names_base_layers_and_destination()
    {
        using var engine = new MockEngine();
        using var task = new ReportLambdaImage
        {
            BuildEngine = engine,
            BaseImage = "public.ecr.aws/lambda/dotnet:10",
            BaseDigest = Digest,
            Registry = "registry.test:5000",
            Repository = "team/fn",
            Tags = ["1", "latest"],
            ImageDigest = Digest,
            Layers = [Layer("tools/", "linux/amd64", "1", "532"), Layer("layers/long.zip", "linux/amd64", "12", "1234567", cached: true)],
        };

        Assert.That(task.Execute(), Is.True);

        Assert.That(engine.HighLines, Is.EqualTo(new[]
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
        using var engine = new MockEngine();
        using var task = new ReportLambdaImage
        {
            BuildEngine = engine,
            BaseImage = "scratch",
            Repository = "fn",
            ArchivePath = "/out/fn.tar.gz",
            Layers = [Layer("a", "linux/amd64", "2", "10"), Layer("a", "linux/arm64", "2", "10")],
        };

        Assert.That(task.Execute(), Is.True);

        Assert.That(engine.HighLines, Is.EqualTo(new[]
        {
            "Lambda image fn",
            "  base   scratch",
            "  layer  a  /opt  2 files  10 B  sha256:0123456789ab  linux/amd64",
            "  layer  a  /opt  2 files  10 B  sha256:0123456789ab  linux/arm64",
            "  to     /out/fn.tar.gz",
        }));
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

    private static TaskItem Layer(string include, string platform, string files, string size, bool cached = false)
    {
        var item = new TaskItem(include);
        item.SetMetadata("Platform", platform);
        item.SetMetadata("TargetPath", "/opt");
        item.SetMetadata("Files", files);
        item.SetMetadata("Size", size);
        item.SetMetadata("Digest", Digest);
        item.SetMetadata("Cached", cached ? "true" : "false");
        return item;
    }
}
