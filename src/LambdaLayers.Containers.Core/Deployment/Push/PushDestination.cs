using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>Where an image is to be pushed.</summary>
/// <param name="Host">The ECR registry.</param>
/// <param name="Repository">Its repository, as the SDK has normalised it.</param>
/// <param name="Tags">Every tag that the push will set, those of single architectures included.</param>
internal sealed record PushDestination(EcrRegistryHost Host, string Repository, IReadOnlyList<string> Tags)
{
    public override string ToString() => $"{Host}/{Repository}";
}
