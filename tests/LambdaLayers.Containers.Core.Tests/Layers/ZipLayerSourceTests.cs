using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Layers;

public sealed class ZipLayerSourceTests
{
    [Test]
    public async Task A_zip_that_changes_after_it_was_hashed_is_not_packed_under_that_hash()
    {
        using var root = new TempRoot();
        var path = root.File("layer.zip");
        await File.WriteAllBytesAsync(path, new ZipBuilder().File("a", "one").Build());
        var item = new LayerItem(new ItemOrigin("layer.zip"), LayerKind.Zip) { ProjectDirectory = root.Path };

        var resolved = await new ZipLayerSource().ResolveAsync(
            item, new ResolveContext(Platform.LinuxAmd64, new RecordingLog()), CancellationToken.None);
        (await resolved.OpenTreeAsync(CancellationToken.None)).Dispose();
        await File.WriteAllBytesAsync(path, new ZipBuilder().File("a", "another one").Build());

        Assert.That(
            async () => await resolved.OpenTreeAsync(CancellationToken.None),
            Throws.TypeOf<LayersException>().With.Message.Contains("changed while it was read"));
        Assert.That(
            (await new ZipLayerSource().ResolveAsync(
                item, new ResolveContext(Platform.LinuxAmd64, new RecordingLog()), CancellationToken.None)).Identity,
            Is.EqualTo(Digest.Of(await File.ReadAllBytesAsync(path))).And.Not.EqualTo(resolved.Identity));
    }
}
