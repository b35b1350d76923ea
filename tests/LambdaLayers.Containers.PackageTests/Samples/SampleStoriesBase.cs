using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Samples;

/// <summary>Samples that are published by the commands in their READMEs, and the places that this takes.</summary>
public abstract class SampleStoriesBase
{
    /// <summary>How long a started image may take.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Where copies of the samples are published.</summary>
    protected DotnetSandbox Sandbox { get; private set; } = null!;

    /// <summary>Where images go, and AWS's base images come from.</summary>
    protected EmbeddedRegistry Registry { get; private set; } = null!;

    /// <summary>For whatever else a story needs.</summary>
    protected TempRoot Root { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Root = new TempRoot();
        Sandbox = await DotnetSandbox.CreateAsync();
        Registry = await EmbeddedRegistry.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (Registry is not null)
            await Registry.DisposeAsync();
        Sandbox?.Dispose();
        Root.Dispose();
    }

    /// <summary>The root file system of what was pushed.</summary>
    protected Task<ImageRoot> UnpackAsync(string name) =>
        ImageRoot.UnpackAsync($"docker://{Registry.Uncounted.Authority}/{name}", Root);

    /// <summary>Publishes by a README's command.</summary>
    /// <param name="project">The copy's project file.</param>
    /// <param name="command">As in the README.</param>
    /// <param name="baseImage">
    /// Repository and tag of the copy that stands for AWS's own base, which is out of reach of tests; null for the project's.
    /// </param>
    /// <param name="arguments">What the story adds.</param>
    internal async Task<DotnetResult> PublishAsync(
        string project, string command, string? baseImage = null, params string[] arguments) =>
        (await Sandbox.PublishAsync(project,
        [
            .. Sample.ArgumentsOf(command, Registry.Host),
            .. baseImage is null ? [] : new[] { $"-p:ContainerBaseImage={Registry.Host}/{baseImage}" },
            .. arguments,
        ])).EnsureSucceeded();
}
