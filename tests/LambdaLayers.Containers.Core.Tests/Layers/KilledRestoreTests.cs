using System.Diagnostics;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Layers;

/// <summary>Restores in processes of their own that are killed, and what the next one finds.</summary>
public sealed class KilledRestoreTests
{
    // Each takes half a second; the machine sees to it that no two kills come at the same moment.
    private const int Rounds = 25;

    private TempRoot _root = null!;

    private string Cache => Path.Combine(_root.Path, "cache");

    private string LockPath => _root.File("lambda-layers.lock.json");

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public async Task A_restore_that_is_killed_at_any_moment_leaves_nothing_that_hurts_the_next()
    {
        var zip = new ZipBuilder();
        var random = new Random(7);
        for (var i = 0; i < 20; i++)
        {
            var content = new byte[100_000];
            random.NextBytes(content);
            zip.File($"data/{i}", content);
        }

        using var served = new ServedZip(zip.Write(_root, "layer.zip"));
        var expected = await served.RestoreAsync(Cache, LockPath);
        var killed = 0;

        for (var i = 0; i < Rounds; i++)
        {
            Directory.Delete(Path.Combine(Cache, "v1", "blobs"), recursive: true);
            if (i % 2 == 0)
                File.Delete(LockPath);
            killed += await RunAndKillAsync(TimeSpan.FromMilliseconds(random.Next(0, 250)), $"{served.Url},{served.Sha256}") ? 1 : 0;

            var digest = await served.RestoreAsync(Cache, LockPath);

            Assert.That(digest, Is.EqualTo(expected), () => $"round {i}");
            Assert.That(Leavings.BrokenBlobs(_root.Path), Is.Empty);
        }

        TestContext.Out.WriteLine($"{killed} of {Rounds} were killed before they were done");
        Assert.That(killed, Is.GreaterThan(Rounds / 5), "many kills must hit a restore that is still running");
    }

    private async Task<bool> RunAndKillAsync(TimeSpan delay, string item)
    {
        var host = Path.Combine(AppContext.BaseDirectory, "LambdaLayers.Containers.RestoreHost.dll");
        var start = new ProcessStartInfo(Tools.Require("dotnet"), [host, Cache, _root.Path, item]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadLineAsync();
        await Task.Delay(delay);
        var running = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync();
        return running && process.ExitCode != 0;
    }
}
