using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Hosting;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Lets the SDK push to an ECR registry: checks or creates the repository, and signs this process's requests to it until
/// <see cref="EndContainerPush"/> or the end of the build. Does nothing for any other registry. The token is never a
/// parameter, an output or part of a message: those end up in binary logs.
/// </summary>
public sealed class PrepareContainerPush : LayersTask
{
    /// <summary><c>ContainerRegistry</c>.</summary>
    [Required]
    public string Registry { get; set; } = "";

    /// <summary><c>ContainerRepository</c>.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary>Every tag that the push sets.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary><c>AwsRegion</c>.</summary>
    public string Region { get; set; } = "";

    /// <summary><c>AwsProfile</c>.</summary>
    public string Profile { get; set; } = "";

    /// <summary>False in inner builds: the outer one has checked the repository.</summary>
    public bool CheckRepository { get; set; } = true;

    /// <summary>The <c>Ecr…</c> properties, as items of their names with metadata Value.</summary>
    public ITaskItem[] Settings { get; set; } = [];

    /// <summary>Names the push for <see cref="EndContainerPush"/>; empty when nothing was installed.</summary>
    [Output]
    public string Push { get; set; } = "";

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!EcrRegistryHost.TryParse(Registry, out var host))
            return;
        Func<string, string?> environment = Environment.GetEnvironmentVariable;
        var options = DeploymentOptions.Read(Region, Profile, environment);
        var settings = RepositorySettings.Parse(TaskProperties.Reader(Settings));
        using var engine = new DeploymentEngine(options, new TaskEngineLog(Log));
        var credential = await engine.Credentials.RunAsync(host, options.Profile, cancellationToken);
        // Without AWS credentials nobody can ask ECR about repositories.
        if (CheckRepository && credential is not null)
            await CheckAsync(engine.Repositories, host, settings, options.Profile, cancellationToken);
        if (credential is not null && !PushAuthorization.IsPossible(environment))
            throw PushErrors.PushNotPossible(host.Host);
        Push = ContainerPushes.Register(BuildEngine4, new ContainerPush(
            credential is null ? null : PushAuthorization.Install(host.Host, credential),
            UploadSettings.For(host, environment)));
    }

    private async Task CheckAsync(
        EcrRepositories repositories,
        EcrRegistryHost host,
        RepositorySettings settings,
        string? profile,
        CancellationToken cancellationToken)
    {
        // The digests are not known before the SDK has made the image, so that any image under a tag is in the way.
        var tags = Tags.Select(tag => KeyValuePair.Create(tag, default(Digest)));
        if (await repositories.EnsureAsync(host, Repository, settings, profile, cancellationToken))
            await repositories.DemandTagsFreeAsync(host, Repository, tags, profile, cancellationToken);
    }
}
