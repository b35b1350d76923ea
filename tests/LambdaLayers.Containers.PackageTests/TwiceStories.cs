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
        var project = await new FunctionProject
        {
            Items = """<LambdaLayer Include="layer.zip" /><LambdaLayer Include="tools/" TargetPath="/opt/tools" />""",
        }.WriteBuiltAsync(sandbox);
        var archive = $"-p:ContainerArchiveOutputPath={sandbox.File("image.tar.gz")}";

        var first = BuildLog.Of(await sandbox.MakeImageAsync(project, archive));
        var second = BuildLog.Of(await sandbox.MakeImageAsync(project, archive));
        sandbox.Write("src/Fn/tools/bin/run", "#!/bin/sh\n# changed\n");
        var third = BuildLog.Of(await sandbox.MakeImageAsync(project, archive));

        Assert.Multiple(() =>
        {
            Assert.That(Cached(first), Is.EqualTo(new[] { false, false }));
            Assert.That(first.Messages("Packing layer.zip").Concat(first.Messages("Packing tools")).Count(), Is.EqualTo(2));
            Assert.That(Cached(second), Is.EqualTo(new[] { true, true }));
            Assert.That(second.Messages("Packing "), Is.EqualTo(new[] { "Packing application into /." }), "the cache is for what stays");
            Assert.That(Digests(second), Is.EqualTo(Digests(first)).And.All.Matches("^sha256:[0-9a-f]{12}$"));
            Assert.That(Cached(third), Is.EqualTo(new[] { true, false }), "only the changed layer");
            Assert.That(Digests(third)[1], Is.Not.EqualTo(Digests(first)[1]));
        });
    }

    // What the summary tells of the layers.
    private static List<bool> Cached(BuildLog log) =>
        [.. log.Messages("  layer  ").Select(line => line.EndsWith("  cached", StringComparison.Ordinal))];

    private static List<string> Digests(BuildLog log) =>
        [.. log.Messages("  layer  ").Select(line => line.Split(' ').Single(word => word.StartsWith("sha256:", StringComparison.Ordinal)))];
}
