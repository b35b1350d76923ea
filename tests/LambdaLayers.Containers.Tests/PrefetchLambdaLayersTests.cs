using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Hosting;
using LambdaLayers.Containers.Logging;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;
using LambdaLayers.Containers.Tests.Support;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers.Tests;

/// <summary>What is fetched ahead of the staging, in this process.</summary>
public sealed class PrefetchLambdaLayersTests
{
    private const string Zip = "layer.zip";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private TempRoot _root = null!;

    private MockEngine _engine = null!;

    private string CacheFolder => _root.Folder("cache");

    [SetUp]
    public void SetUp()
    {
        _root = new TempRoot();
        _engine = new MockEngine();
        WriteZip("a layer");
    }

    [TearDown]
    public void TearDown()
    {
        _engine.Dispose();
        _root.Dispose();
    }

    [Test]
    public async Task What_was_packed_ahead_is_only_taken_from_the_cache_and_not_told_of_as_cached()
    {
        using var alone = Stage("other-cache", Zip);
        using var prefetch = Prefetch(Zip);
        Assert.That(alone.Execute() && prefetch.Execute(), Is.True);
        await WaitForAsync(() => Directory.Exists(Path.Combine(CacheFolder, "v1", "packed")));

        using var stage = Stage("cache", Zip);
        stage.Prefetch = prefetch.Prefetch;
        var before = _engine.Messages.Count;
        Assert.That(stage.Execute(), Is.True);

        var packing = _engine.Messages.Skip(before).Where(m => m.Message!.StartsWith("Packing ", StringComparison.Ordinal)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(packing, Has.Count.EqualTo(1), "told by the task that waited, and done once");
            Assert.That(stage.PackedLayers, Has.Length.EqualTo(1));
            Assert.That(Path.Combine(CacheFolder, "v1", "blobs", stage.PackedLayers[0].Replace(':', '/')), Does.Exist);
            Assert.That(alone.PackedLayers, Is.Empty);
            Assert.That(Blobs("cache"), Is.EqualTo(Blobs("other-cache")), "the same layer either way");
            Assert.That(_engine.Errors.Concat<object>(_engine.Warnings), Is.Empty);
        });
    }

    [TestCase("scratch")]
    [TestCase("localhost:PORT/base:1")]
    public async Task Nobody_waits_for_the_base_image_alone_and_nobody_is_asked_for_an_empty_one(string image)
    {
        await using var silent = await LoopbackServer.StartAsync(
            context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        using var prefetch = Prefetch(Zip);
        prefetch.BaseImage = image.Replace("PORT", $"{silent.Port}", StringComparison.Ordinal);
        using var stage = Stage("cache", Zip);

        Assert.That(prefetch.Execute(), Is.True);
        stage.Prefetch = prefetch.Prefetch;
        Assert.That(stage.Execute(), Is.True);

        Assert.That(stage.PackedLayers, Has.Length.EqualTo(1));
        Assert.That(_engine.Messages.Select(m => m.Message), Has.None.StartsWith("Not fetched ahead"));
    }

    [Test]
    public void What_fails_ahead_is_told_once_and_by_the_task_that_needs_it()
    {
        _root.Write($"project/{Zip}", "no zip at all");
        using var prefetch = Prefetch(Zip);
        using var stage = Stage("cache", Zip);

        Assert.That(prefetch.Execute(), Is.True);
        stage.Prefetch = prefetch.Prefetch;
        var told = _engine.Errors.Count + _engine.Warnings.Count;
        var staged = stage.Execute();

        Assert.Multiple(() =>
        {
            Assert.That(prefetch.Prefetch, Is.Not.Empty, "it was begun");
            Assert.That(told, Is.Zero);
            Assert.That(staged, Is.False);
            Assert.That(_engine.Errors.Select(e => e.Code), Is.EqualTo(new[] { "LLC3004" }));
            Assert.That(stage.PackedLayers, Is.Empty);
        });
    }

    [TestCase("no such thing")]
    [TestCase("missing.zip")]
    [TestCase("layers/tools/")]
    public void What_cannot_be_fetched_ahead_is_left_to_the_task_that_needs_it(string include)
    {
        _root.Write("project/layers/tools/run", "#!/bin/sh\n");
        using var prefetch = Prefetch(include);

        Assert.That(prefetch.Execute(), Is.True);

        Assert.That(prefetch.Prefetch, Is.Empty);
        Assert.That(_engine.RegisteredObjects, Is.Zero);
        Assert.That(_engine.Errors.Concat<object>(_engine.Warnings), Is.Empty);
    }

    [TestCase("")]
    [TestCase("LambdaLayers.Containers/prefetch/of-another-process")]
    public void Without_anything_fetched_ahead_the_task_does_it_all(string prefetched)
    {
        using var stage = Stage("cache", Zip);
        stage.Prefetch = prefetched;

        Assert.That(stage.Execute(), Is.True);

        Assert.That(stage.PackedLayers, Is.Empty);
        Assert.That(Blobs("cache"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_the_lock_file_describes_is_fetched_only_where_every_byte_is_wanted()
    {
        var zip = await File.ReadAllBytesAsync(_root.File("project", Zip));
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            Interlocked.Increment(ref asked);
            await context.Response.Body.WriteAsync(zip);
        });
        var item = Url($"{server.Url}/layer.zip", Digest.Of(zip).Hex);
        using var first = Stage("cache", Zip);
        first.Layers = [item];
        Assert.That(first.Execute(), Is.True);
        var counts = new List<int> { asked };

        foreach (var (cache, allWanted, layer) in new[]
        {
            ("push", false, item), ("archive", true, item), ("locked", true, Url($"{server.Url}/other.zip", Digest.Of(zip).Hex)),
        })
        {
            using var prefetch = Prefetch(Zip);
            prefetch.Settings = [.. Settings(cache), Setting("LambdaLayersLockedMode", "true")];
            (prefetch.Layers, prefetch.AllWanted) = ([layer], allWanted);
            Assert.That(prefetch.Execute(), Is.True);
            await LayerPrefetch.WaitAsync(_engine, prefetch.Prefetch, new TaskEngineLog(prefetch), CancellationToken.None);
            counts.Add(asked);
        }

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 2, 2 }), "once, not for a push, for an archive, and nothing that is not locked");
        Assert.That(_engine.Errors.Concat<object>(_engine.Warnings), Is.Empty);
    }

    [Test]
    public async Task The_end_of_the_build_ends_it_and_nothing_stays_behind()
    {
        var asked = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var silent = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 1 << 20;
            await context.Response.Body.WriteAsync(new byte[1000]);
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            ended.TrySetResult();
        });
        using var prefetch = Prefetch(Zip);
        prefetch.Layers = [Url($"{silent.Url}/layer.zip", new string('a', 64))];
        Assert.That(prefetch.Execute(), Is.True);
        await asked.Task.WaitAsync(Long);

        _engine.Dispose();
        await ended.Task.WaitAsync(Long);

        Assert.That(_engine.Errors.Concat<object>(_engine.Warnings), Is.Empty);
        await WaitForAsync(() => !Directory.EnumerateFiles(Path.Combine(CacheFolder, "v1", "tmp")).Any());
    }

    private static async Task WaitForAsync(Func<bool> isSo)
    {
        for (var left = Long; !isSo(); left -= TimeSpan.FromMilliseconds(20))
        {
            Assert.That(left > TimeSpan.Zero, Is.True, "too long");
            await Task.Delay(20);
        }
    }

    private void WriteZip(string content) =>
        File.WriteAllBytes(_root.File("project", Zip), new ZipBuilder().File("lib/a.txt", content).Build());

    private List<string> Blobs(string cache) =>
        [.. Directory.EnumerateFiles(Path.Combine(_root.Path, cache, "v1", "blobs", "sha256")).Select(f => Path.GetFileName(f)).Order()];

    private PrefetchLambdaLayers Prefetch(string include) => new()
    {
        BuildEngine = _engine,
        RuntimeIdentifiers = ["linux-x64"],
        Settings = Settings("cache"),
        Layers = [new TaskItem(include)],
    };

    private StageLambdaImage Stage(string cache, string include) => new()
    {
        BuildEngine = _engine,
        BaseImage = "scratch",
        RuntimeIdentifiers = ["linux-x64"],
        Settings = Settings(cache),
        Layers = [new TaskItem(include)],
    };

    private TaskItem[] Settings(string cache) =>
    [
        Setting("MSBuildProjectDirectory", _root.Folder("project")),
        Setting("LambdaLayersCacheDirectory", _root.Folder(cache)),
    ];

    private static TaskItem Url(string address, string sha256)
    {
        var item = new TaskItem(address);
        item.SetMetadata("Kind", "Url");
        item.SetMetadata("Sha256", sha256);
        return item;
    }

    private static TaskItem Setting(string name, string value)
    {
        var item = new TaskItem(name);
        item.SetMetadata("Value", value);
        return item;
    }
}
