using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.PackageTests.Layers;

/// <summary>A function with remote layers, a fake AWS that has them, and a registry that its image goes to.</summary>
internal sealed class LayerBuild : IAsyncDisposable
{
    private readonly TempRoot _zips = new();

    private LayerBuild(DotnetSandbox sandbox, FakeAws aws, EmbeddedRegistry registry)
    {
        Sandbox = sandbox;
        Aws = aws;
        Registry = registry;
        foreach (var (name, value) in aws.Environment())
        {
            sandbox.Environment[name] = value;
        }
    }

    public DotnetSandbox Sandbox { get; }

    public FakeAws Aws { get; }

    public EmbeddedRegistry Registry { get; }

    /// <summary>The project that <see cref="WriteProject"/> wrote last.</summary>
    public string Project { get; private set; } = "";

    public string LockFile => Path.Combine(Path.GetDirectoryName(Project)!, "lambda-layers.lock.json");

    public string Cache => Path.Combine(Sandbox.CacheHome, "lambda-layers");

    public static async Task<LayerBuild> StartAsync() =>
        new(await DotnetSandbox.CreateAsync(), await FakeAws.StartAsync(), await EmbeddedRegistry.StartAsync());

    /// <summary>Publishes a layer with one text file.</summary>
    public FakeLayer AddLayer(string arn, string file, string content) =>
        AddLayer(arn, new ZipBuilder().File(file, content).File($"only/{Guid.NewGuid():n}", arn));

    public FakeLayer AddLayer(string arn, ZipBuilder zip) => Aws.Layers.Add(arn, zip.Write(_zips, $"{Guid.NewGuid():n}.zip"));

    /// <summary>A small function on an empty base with these items.</summary>
    public void WriteProject(string items, string properties = "", string name = "fn") =>
        Project = new FunctionProject(name) { Items = items, Properties = properties }.Write(Sandbox);

    /// <summary><c>dotnet publish -t:PublishContainer</c> to the registry; compiled only by the first story of a run.</summary>
    public async Task<DotnetResult> PublishAsync(params string[] arguments)
    {
        await Sandbox.BuildOnceAsync(Project);
        return await Sandbox.PublishAsync(
            Project, ["--no-build", "-t:PublishContainer", $"-p:ContainerRegistry={Registry.Host}", .. arguments]);
    }

    /// <summary>Runs a target alone.</summary>
    public async Task<DotnetResult> TargetAsync(string target, params string[] arguments)
    {
        await Sandbox.BuildOnceAsync(Project);
        return await Sandbox.MSBuildAsync(Project, [$"-t:{target}", .. arguments]);
    }

    /// <summary>Empties our cache; the SDK's own too, which would else hide that a blob was wanted.</summary>
    public void EmptyCaches()
    {
        foreach (var cache in new[] { Cache, Path.Combine(Sandbox.CacheHome, "dotnet"),
            Path.Combine(Sandbox.Home, ".dotnet", "Containers") })
        {
            if (Directory.Exists(cache))
            {
                Directory.Delete(cache, recursive: true);
            }
        }
    }

    public Task<string> UnpackAsync() => StoredImage.UnpackAsync($"docker://{Registry.Uncounted.Authority}/fn:1", _zips);

    public async ValueTask DisposeAsync()
    {
        Sandbox.Dispose();
        await Aws.DisposeAsync();
        await Registry.DisposeAsync();
        _zips.Dispose();
    }
}
