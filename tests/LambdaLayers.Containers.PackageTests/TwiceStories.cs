using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>Publishing again: the same layers, and no work for them.</summary>
public sealed class TwiceStories
{
    [Test]
    public async Task The_second_publish_packs_nothing_and_has_the_same_layers()
    {
        using var sandbox = await DotnetSandbox.CreateAsync();
        sandbox.WriteZip("Fn", "layer.zip", "hello.txt", "hello");
        sandbox.Write("src/Fn/tools/bin/run", "#!/bin/sh\n");
        var project = new FunctionProject
        {
            Items = """<LambdaLayer Include="layer.zip" /><LambdaLayer Include="tools/" TargetPath="/opt/tools" />""",
        }.Write(sandbox);
        var archive = $"-p:ContainerArchiveOutputPath={sandbox.File("image.tar.gz")}";

        var first = BuildLog.Of(await sandbox.PublishContainerAsync(project, archive));
        var second = BuildLog.Of(await sandbox.PublishContainerAsync(project, archive));
        sandbox.Write("src/Fn/tools/bin/run", "#!/bin/sh\n# changed\n");
        var third = BuildLog.Of(await sandbox.PublishContainerAsync(project, archive));

        Assert.Multiple(() =>
        {
            Assert.That(Metadata(first, "Cached"), Is.EqualTo(new[] { "false", "false" }));
            Assert.That(first.Messages("Packing "), Has.Count.EqualTo(2));
            Assert.That(Metadata(second, "Cached"), Is.EqualTo(new[] { "true", "true" }));
            Assert.That(second.Messages("Packing "), Is.Empty);
            Assert.That(Metadata(second, "Digest"), Is.EqualTo(Metadata(first, "Digest")).And.All.StartsWith("sha256:"));
            Assert.That(Metadata(third, "Cached"), Is.EqualTo(new[] { "true", "false" }), "only the changed layer");
            Assert.That(Metadata(third, "Digest")[1], Is.Not.EqualTo(Metadata(first, "Digest")[1]));
        });
    }

    private static IReadOnlyList<string> Metadata(BuildLog log, string name) => log.OutputMetadata("_LambdaLayersPrepared", name);
}
