using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// Publishes with the packed package and with the .NET SDK alone to docker-registry behind a slow network that counts requests:
/// unchanged, with a changed application, the first time with large layers, again under a tag that cannot move. Both start
/// from the same base image, which already has the layers, since the SDK alone adds none. Base and destination are two
/// registries, each behind its own slow network.
/// </summary>
internal sealed class MeasurePublish : IAsyncDisposable
{
    private const int Rounds = 5;
    private const int LargeRounds = 3;
    private const int WarmRounds = 11;
    private const int WarmLayers = 5;
    private const int SlowRounds = 2;
    private const long Mebibit = 1 << 17;
    private const int Layers = 4;
    private const int SmallLayer = 64 * 1024;
    private const int LargeLayer = 57_500_000;

    // The registry that the base comes from, and the one that is pushed to.
    private readonly DockerRegistry _bases;
    private readonly DockerRegistry _registry;
    private readonly DotnetSandbox _sandbox;
    private readonly string _project;
    private int _publishes;

    private MeasurePublish(DockerRegistry bases, DockerRegistry registry, DotnetSandbox sandbox)
    {
        (_bases, _registry, _sandbox) = (bases, registry, sandbox);
        // Where the SDK keeps layers.
        sandbox.Environment["TMPDIR"] = sandbox.Folder("tmp");
        _project = new FunctionProject
        {
            Items = """<LambdaLayer Include="$(MeasuredLayers)" Condition="'$(MeasuredLayers)' != ''" />""",
        }.Write(sandbox);
    }

    // Parts of the table, since all of it takes ten minutes.
    public static async Task<int> RunAsync(string part)
    {
        try
        {
            if (part is "all" or "cold" or "restore" or "peers")
                await MeasureColdPublish.RunAsync(part);
            if (part is "cold" or "restore" or "peers")
                return 0;
            await using var measure = new MeasurePublish(
                await DockerRegistry.StartAsync(), await DockerRegistry.StartAsync(), await DotnetSandbox.CreateAsync());
            Console.WriteLine("| what | SDK alone | with the package | ratio |");
            Console.WriteLine("|---|---|---|---|");
            if (part is "all" or "small")
                await measure.SmallAsync(TimeSpan.FromMilliseconds(50));
            if (part is "all" or "warm")
                await measure.WarmAsync();
            if (part is "all" or "large")
                await measure.LargeAsync("this machine's own speed", new NetworkSpeed(), LargeRounds);
            if (part is "all" or "link")
                await measure.LargeAsync("100 Mbit/s each way, shared", new NetworkSpeed(Link: 100 * Mebibit), SlowRounds);
            if (part is "all" or "connection")
            {
                // As the SDK pushes to ECR: one layer after the other.
                measure._sandbox.Environment["DOTNET_CONTAINER_REGISTRY_PARALLEL_UPLOAD"] = "false";
                await measure.LargeAsync(
                    "200 Mbit/s a connection, the SDK's uploads one by one as for ECR", new NetworkSpeed(Connection: 200 * Mebibit),
                    SlowRounds);
            }

            return 0;
        }
        finally
        {
            BuildServers.Stop();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _bases.DisposeAsync();
        await _registry.DisposeAsync();
        _sandbox.Dispose();
    }

    private async Task SmallAsync(TimeSpan latency)
    {
        await PushBaseAsync("small", SmallLayer);
        await BuildAsync();
        var (sdk, own) = (new Runs(), new Runs());
        await using (var bases = new SlowProxy(_bases.Uncounted, latency))
        await using (var destination = new SlowProxy(_registry.Uncounted, latency))
        {
            // What follows is about repositories that have an image.
            foreach (var package in new[] { false, true })
                await PublishAsync(package, bases, destination, "small");
            for (var round = 0; round < Rounds; round++)
            {
                sdk.Unchanged.Add(await PublishAsync(package: false, bases, destination, "small"));
                own.Unchanged.Add(await PublishAsync(package: true, bases, destination, "small"));
                await BuildAsync();
                sdk.Changed.Add(await PublishAsync(package: false, bases, destination, "small"));
                own.Changed.Add(await PublishAsync(package: true, bases, destination, "small"));
            }

            Row("unchanged: requests", sdk.Unchanged, own.Unchanged, r => r.Requests);
            Row("unchanged: writes", sdk.Unchanged, own.Unchanged, r => r.Writes);
            Row("unchanged: milliseconds", sdk.Unchanged, own.Unchanged, r => r.Milliseconds, isTime: true);
            Row("changed application: requests", sdk.Changed, own.Changed, r => r.Requests);
            Row("changed application: round trips one after the other", sdk.Changed, own.Changed, r => r.Chain);
            Row("changed application: milliseconds", sdk.Changed, own.Changed, r => r.Milliseconds, isTime: true);
            await ImmutableAsync(bases, destination);
        }
    }

    // What the package itself costs: layers that are in the cache, nothing to send, and a network without any delay.
    private async Task WarmAsync()
    {
        await PushBaseAsync("warm", SmallLayer);
        await BuildAsync();
        for (var layer = 0; layer < WarmLayers; layer++)
            WriteLayer(_sandbox.File("layers", $"{layer}.zip"), layer);
        var layers = $"-p:MeasuredLayers={_sandbox.File("layers", "*.zip")}";
        var (sdk, own) = (new List<Run>(), new List<Run>());
        await using var bases = new SlowProxy(_bases.Uncounted, TimeSpan.Zero);
        await using var destination = new SlowProxy(_registry.Uncounted, TimeSpan.Zero);
        for (var round = -1; round < WarmRounds; round++)
        {
            var runs = (Sdk: await PublishAsync(package: false, bases, destination, "warm"),
                Own: await PublishAsync(package: true, bases, destination, "warm", layers));
            if (round < 0)
                continue;
            sdk.Add(runs.Sdk);
            own.Add(runs.Own);
        }

        Row($"unchanged, {WarmLayers} cached layers, no delay: milliseconds", sdk, own, r => r.Milliseconds, isTime: true);
    }

    private static void WriteLayer(string path, int layer)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        for (var i = 0; i < 200; i++)
        {
            using var file = new StreamWriter(zip.CreateEntry($"layer{layer}/{i}.txt").Open());
            file.Write(string.Concat(Enumerable.Repeat($"{layer} {i} ", 200)));
        }
    }

    // docker-registry knows no immutable tags: the network refuses what ECR would.
    private async Task ImmutableAsync(SlowProxy bases, SlowProxy destination)
    {
        destination.Faults.Enqueue(new RegistryFault
        {
            When = request => request is { Method: "PUT", IsManifest: true } && request.Path.EndsWith("/1", StringComparison.Ordinal),
            Times = int.MaxValue,
            Status = 400,
        });
        var results = new List<string>();
        foreach (var package in new[] { false, true })
        {
            var run = await PublishAsync(package, bases, destination, "small", mayFail: true);
            results.Add(run.Succeeded ? $"succeeds, {run.Writes} writes" : "refused");
        }

        Console.WriteLine($"| again under a tag that cannot move | {results[0]} | {results[1]} | |");
    }

    private async Task LargeAsync(string network, NetworkSpeed speed, int rounds)
    {
        var latency = TimeSpan.FromMilliseconds(20);
        await BuildAsync();
        var (sdk, own) = (new List<Run>(), new List<Run>());
        for (var round = 0; round < rounds; round++)
        {
            // Layers that nobody has seen: the SDK keeps those of base images on disk.
            var image = $"large-{_publishes}";
            await PushBaseAsync(image, LargeLayer);
            foreach (var (package, runs) in new[] { (false, sdk), (true, own) })
            {
                await using var bases = new SlowProxy(_bases.Uncounted, latency, speed);
                await using var destination = new SlowProxy(_registry.Uncounted, latency, speed);
                runs.Add(await PublishAsync(
                    package, bases, destination, image,
                        more: $"-p:LambdaLayersCacheDirectory={_sandbox.File("cache", $"{_publishes}")}"));
            }
        }

        Row($"first push of {Layers * LargeLayer / 1_000_000} MB in {Layers} layers at 20 ms, {network}: milliseconds", sdk, own, r =>
            r.Milliseconds, isTime: true);
        Row("the same: round trips one after the other", sdk, own, r => r.Chain);
    }

    private async Task PushBaseAsync(string repository, int layerBytes)
    {
        var layers = new List<SyntheticLayer>();
        for (var i = 0; i < Layers; i++)
        {
            var content = new byte[layerBytes];
            Random.Shared.NextBytes(content);
            layers.Add(SyntheticLayer.Create(tar => tar.Folder("opt/").File($"opt/{i}.bin", content)));
        }

        using var pusher = new RegistryPusher(_bases.Uncounted);
        await pusher.PushAsync(repository, "1", new SyntheticImage(ImageFamily.Docker, "amd64", [], layers));
    }

    // The next publishes have another application.
    private async Task BuildAsync()
    {
        _sandbox.Write("src/Fn/Program.cs", $"System.Console.WriteLine({Random.Shared.NextInt64()});\n");
        (await _sandbox.BuildAsync(_project, "-c", "Release")).EnsureSucceeded();
    }

    private async Task<Run> PublishAsync(
        bool package, SlowProxy bases, SlowProxy destination, string image, string? more = null,
        bool mayFail = false)
    {
        bases.Clear();
        destination.Clear();
        _publishes++;
        string[] arguments =
        [
            "--no-build", "-t:PublishContainer", $"-p:LambdaLayersEnabled={(package ? "true" : "false")}",
            $"-p:ContainerBaseImage={bases.Host}/{image}:1", $"-p:ContainerRegistry={destination.Host}",
            $"-p:ContainerRepository={image}-{(package ? "own" : "sdk")}", .. more is null ? [] : new[] { more },
        ];
        var clock = Stopwatch.StartNew();
        var result = await _sandbox.PublishAsync(_project, arguments);
        clock.Stop();
        if (!mayFail)
            result.EnsureSucceeded();
        return new Run(
            result.Succeeded, destination.Requests.Count, destination.Writes.Count, destination.LongestChain,
            clock.Elapsed.TotalMilliseconds);
    }

    // Requests: the most of any round. Times: the least, since whatever else the machine does only adds to them.
    private static void Row(string what, List<Run> sdk, List<Run> own, Func<Run, double> value, bool isTime = false)
    {
        if (isTime)
            Row(what, sdk.Min(value), own.Min(value));
        else
            Console.WriteLine($"| {what} | {sdk.Max(value):0} | {own.Max(value):0} | |");
    }

    private static void Row(string what, double sdk, double own) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"| {what} | {sdk:0} | {own:0} | {own / sdk:0.00} |"));

    private sealed record Run(bool Succeeded, int Requests, int Writes, int Chain, double Milliseconds);

    private sealed class Runs
    {
        public List<Run> Unchanged { get; } = [];

        public List<Run> Changed { get; } = [];
    }
}
