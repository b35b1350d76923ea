using LambdaLayers.Containers.Core.Deployment;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Deployment;

public sealed class ImageFingerprintTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void MakeApp()
    {
        _root = new TempRoot();
        _root.Write("app/Shop.dll", "code");
        _root.Write("app/sub/data.json", "{}");
    }

    [TearDown]
    public void Remove() => _root.Dispose();

    private Task<string> ComputeAsync(
        string baseIdentity = "sha256:base", string[]? settings = null, params (string Name, string Value)[] labels) =>
        ImageFingerprint.ComputeAsync(
            baseIdentity, _root.Folder("app"), settings ?? ["workdir=/app"],
            labels.Select(x => KeyValuePair.Create(x.Name, x.Value)), default);

    [Test]
    public async Task Times_do_not_count()
    {
        var first = await ComputeAsync(labels: ("org.opencontainers.image.created", "2030-01-01"));
        File.SetLastWriteTimeUtc(_root.File("app", "Shop.dll"), new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var second = await ComputeAsync(labels: ("org.opencontainers.image.created", "2040-01-01"));

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public async Task Everything_else_does()
    {
        var prints = new List<string> { await ComputeAsync() };
        prints.Add(await ComputeAsync(baseIdentity: "sha256:other"));
        prints.Add(await ComputeAsync(settings: ["workdir=/other"]));
        prints.Add(await ComputeAsync(labels: ("team", "shop")));
        _root.Write("app/sub/data.json", "{ }");
        prints.Add(await ComputeAsync());
        File.Move(_root.File("app", "sub", "data.json"), _root.File("app", "sub", "data2.json"));
        prints.Add(await ComputeAsync());

        Assert.That(prints, Is.Unique);
    }

    [Test]
    public async Task Parts_cannot_flow_into_each_other()
    {
        var one = await ComputeAsync(settings: ["ab", "c"]);
        var other = await ComputeAsync(settings: ["a", "bc"]);

        Assert.That(one, Is.Not.EqualTo(other));
    }
}
