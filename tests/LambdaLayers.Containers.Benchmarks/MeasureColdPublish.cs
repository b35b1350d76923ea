using System.Diagnostics;
using System.Globalization;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>
/// Publishes that compile, of layers that are not in the cache: what a layer from elsewhere adds, and how long other tools take
/// from the same sources and zips to the same image in a registry.
/// </summary>
internal sealed class MeasureColdPublish : IAsyncDisposable
{
    private const string Layer = "arn:aws:lambda:us-east-1:580247275435:layer:proxy-agent:1";

    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("LLC_BENCH_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 5;

    private readonly DockerRegistry _bases;
    private readonly DockerRegistry _registry;
    private readonly DotnetSandbox _sandbox;
    private readonly string _project;
    private int _runs;

    private MeasureColdPublish(DockerRegistry bases, DockerRegistry registry, DotnetSandbox sandbox)
    {
        (_bases, _registry, _sandbox) = (bases, registry, sandbox);
        sandbox.Environment["TMPDIR"] = sandbox.Folder("tmp");
        // Files after the package's have the last word about a target.
        sandbox.Write("Directory.Build.targets", """
            <Project>
              <Import Project="Afterwards.targets" Condition="'$(MeasuredFetch)' == 'afterwards'" />
            </Project>
            """);
        sandbox.Write("Afterwards.targets", """<Project><Target Name="_LambdaLayersBeforeBuild" /></Project>""");
        _project = new FunctionProject
        {
            Items = """<LambdaLayer Include="$(MeasuredLayers)" Condition="'$(MeasuredLayers)' != ''" />""",
        }.Write(sandbox);
    }

    private static string[] WithLayer => [$"-p:MeasuredLayers={Layer}"];

    private string LockFile => Path.Combine(Path.GetDirectoryName(_project)!, "lambda-layers.lock.json");

    // A folder that nobody has used; the warm cache has one name for good.
    private string ColdCache => $"-p:LambdaLayersCacheDirectory={_sandbox.File("cold", $"{_runs}")}";

    private string WarmCache => $"-p:LambdaLayersCacheDirectory={_sandbox.File("warm")}";

    public static async Task RunAsync(string part)
    {
        await using var measure = new MeasureColdPublish(
            await DockerRegistry.StartAsync(), await DockerRegistry.StartAsync(), await DotnetSandbox.CreateAsync());
        await measure.PushBaseAsync();
        await measure._sandbox.RestoreAsync(measure._project);
        if (part is "all" or "cold")
            await measure.ColdAsync();
        if (part is "all" or "restore")
            await measure.RestoreAsync();
        if (part is "all" or "peers")
            await measure.PeersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _bases.DisposeAsync();
        await _registry.DisposeAsync();
        _sandbox.Dispose();
    }

    // Every request waits 50 ms, and the layer comes at about 20 Mbit/s. Who has an empty cache has no warm servers either,
    // of MSBuild or of the compiler.
    private async Task ColdAsync()
    {
        const string NoCompilerServer = "-p:UseSharedCompilation=false";
        _sandbox.UsesBuildServer = false;
        var latency = TimeSpan.FromMilliseconds(50);
        await using var aws = await StartAwsAsync(TimeSpan.FromMilliseconds(26));
        await using var api = new SlowProxy(new Uri(aws.Url), latency);
        _sandbox.Environment["AWS_ENDPOINT_URL"] = $"http://{api.Host}";
        await using var bases = new SlowProxy(_bases.Uncounted, latency);
        await using var destination = new SlowProxy(_registry.Uncounted, latency);
        await CompareAsync(
            "a publish that compiles, 50 ms a request; the layer of 1.4 MB",
            ("none", () => PublishAsync(bases.Host, destination.Host, "cold", NoCompilerServer, WarmCache)),
            ("in the cache", () => PublishAsync(bases.Host, destination.Host, "cold", [NoCompilerServer, WarmCache, .. WithLayer])),
            ("not in the cache, 20 Mbit/s, fetched while the program is compiled",
                () => PublishAsync(bases.Host, destination.Host, "cold", [NoCompilerServer, ColdCache, .. WithLayer])),
            ("the same, fetched afterwards",
                () => PublishAsync(
                    bases.Host, destination.Host, "cold", [NoCompilerServer, ColdCache, .. WithLayer, "-p:MeasuredFetch=afterwards"])));
        _sandbox.UsesBuildServer = true;
    }

    private async Task RestoreAsync()
    {
        await using var aws = await StartAwsAsync(TimeSpan.Zero);
        await CompareAsync(
            "RestoreLambdaLayers, no delay; the layer of 1.4 MB",
            ("in the cache", () => TimeAsync(() => RestoreAsync(WarmCache))),
            ("not in the cache, and no lock file", () => TimeAsync(() => RestoreAsync(ColdCache))));
    }

    // From sources and zips to an image in a registry, all on this machine and as fast as it goes.
    private async Task PeersAsync()
    {
        var zips = await Task.WhenAll(RealLayers.Three.Select(NpmPackages.LayerZipAsync));
        foreach (var zip in zips)
            File.Copy(zip, _sandbox.File("zips", Path.GetFileName(zip)), overwrite: true);
        await CompareAsync(
            "a publish that compiles, with three layers that AWS publishes and a cold cache",
            ("this package", () => PublishAsync(
                _bases.Host, _registry.Host, $"package-{_runs}", ColdCache, $"-p:MeasuredLayers={_sandbox.File("zips", "*.zip")}")),
            ("the SDK alone, without the layers", () => PublishAsync(
                _bases.Host, _registry.Host, $"sdk-{_runs}", "-p:LambdaLayersEnabled=false")),
            ("dotnet publish; unzip; buildah bud; buildah push", () => TimeAsync(() => WithBuildahAsync(zips))),
            ("dotnet publish; unzip; tar; umoci; skopeo copy", () => TimeAsync(() => WithUmociAsync(zips))),
            ("dotnet publish; unzip; tar \\| gzip -6, and no image of it yet", () => TimeAsync(() => WithShellAsync(zips))));
    }

    // Least of the rounds, in turns, after one that only warms up: whatever else the machine does only adds to a time.
    private async Task CompareAsync(string title, params (string Name, Func<Task<double>> RunAsync)[] ways)
    {
        var least = Enumerable.Repeat(double.MaxValue, ways.Length).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (way, i) in ways.Select((way, i) => (way, i)))
            {
                _runs++;
                File.Delete(LockFile);
                _sandbox.Write("src/Fn/Program.cs", $"System.Console.WriteLine({Random.Shared.NextInt64()});\n");
                var time = await way.RunAsync();
                if (round > 0)
                    least[i] = Math.Min(least[i], time);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"| {title} | ms | more than the first | times the first |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (way, time) in ways.Zip(least))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {way.Name} | {time:0} | {time - least[0]:0} | {time / least[0]:0.00} |"));
        }
    }

    private Task<double> PublishAsync(string bases, string destination, string repository, params string[] more) => TimeAsync(
        async () => (await _sandbox.PublishAsync(
            _project,
            [
                "--no-restore", $"-p:ContainerBaseImage={bases}/base:1", $"-p:ContainerRegistry={destination}",
                $"-p:ContainerRepository={repository}", "-t:PublishContainer", .. more,
            ])).EnsureSucceeded());

    private async Task RestoreAsync(string cache) =>
        (await _sandbox.MSBuildAsync(_project, ["-t:RestoreLambdaLayers", cache, .. WithLayer])).EnsureSucceeded();

    // The Dockerfile that stands for the items: each layer's files below /opt, in order.
    private async Task WithBuildahAsync(string[] zips)
    {
        var folder = await UnpackAsync(zips);
        var copies = string.Concat(zips.Select((_, i) => $"COPY layer{i}/opt/ /opt/\n"));
        var file = Path.Combine(folder, "Dockerfile");
        await File.WriteAllTextAsync(
            file, $"FROM {_bases.Host}/base:1\n{copies}COPY app/app/ /app/\nENTRYPOINT [\"dotnet\", \"/app/Fn.dll\"]\n");
        string[] storage = ["--storage-driver", "vfs", "--root", $"{folder}/storage", "--runroot", $"{folder}/run"];
        await ToolRunner.RunAsync(
            "buildah", [.. storage, "bud", "--isolation", "chroot", "--tls-verify=false", "-f", file, "-t", "localhost/made", folder]);
        await ToolRunner.RunAsync(
            "buildah", [.. storage, "push", "--tls-verify=false", "localhost/made", $"docker://{_registry.Host}/buildah-{_runs}:1"]);
    }

    private async Task WithUmociAsync(string[] zips)
    {
        var folder = await UnpackAsync(zips);
        var image = Path.Combine(folder, "layout") + ":made";
        await Skopeo.CopyAsync($"docker://{_bases.Host}/base:1", $"oci:{image}");
        foreach (var (root, content) in zips.Select((_, i) => ($"layer{i}", "opt")).Append(("app", "app")))
        {
            var tar = Path.Combine(folder, root + ".tar");
            await ToolRunner.RunAsync("tar", "-C", Path.Combine(folder, root), "-cf", tar, content);
            await ToolRunner.RunAsync("umoci", "raw", "add-layer", "--image", image, tar);
        }

        await ToolRunner.RunAsync(
            "umoci", "config", "--image", image, "--config.entrypoint", "dotnet", "--config.entrypoint", "/app/Fn.dll");
        await Skopeo.CopyAsync($"oci:{image}", $"docker://{_registry.Host}/umoci-{_runs}:1");
    }

    private async Task WithShellAsync(string[] zips)
    {
        var folder = await UnpackAsync(zips);
        foreach (var (_, i) in zips.Select((zip, i) => (zip, i)))
            await ToolRunner.RunAsync("sh", "-c", $"tar -C '{folder}/layer{i}' -cf - opt | gzip -6 > '{folder}/layer{i}.tar.gz'");
    }

    // The published application, and the files of each zip as they are to be in the image.
    private async Task<string> UnpackAsync(string[] zips)
    {
        var folder = _sandbox.Folder("peers", $"{_runs}");
        (await _sandbox.PublishAsync(
            _project, "--no-restore", "-p:LambdaLayersEnabled=false", "-o", Path.Combine(folder, "app", "app"))).EnsureSucceeded();
        foreach (var (zip, i) in zips.Select((zip, i) => (zip, i)))
            await ToolRunner.RunAsync(
                "unzip", "-q", zip, "-d", Directory.CreateDirectory(Path.Combine(folder, $"layer{i}", "opt")).FullName);
        return folder;
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalMilliseconds;
    }

    private async Task<FakeAws> StartAwsAsync(TimeSpan pause)
    {
        var aws = await FakeAws.StartAsync();
        aws.Layers.Add(Layer, await NpmPackages.LayerZipAsync(RealLayers.Three[0])).Faults.Delay = pause;
        foreach (var (name, value) in aws.Environment())
            _sandbox.Environment[name] = value;
        return aws;
    }

    private async Task PushBaseAsync()
    {
        var layer = SyntheticLayer.Create(tar => tar.Folder("etc").File("etc/base", "base"));
        using var pusher = new RegistryPusher(_bases.Uncounted);
        await pusher.PushAsync("base", "1", new SyntheticImage(ImageFamily.Docker, "amd64", [], [layer]));
    }
}
