using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>An ECR repository.</summary>
/// <param name="Name">Without the registry's host.</param>
/// <param name="Region">Where it is.</param>
/// <param name="Settings">The CreateRepository request that made it.</param>
public sealed record FakeRepository(string Name, string Region, JsonObject Settings)
{
    /// <summary>The repository policy's text, null when it was never set.</summary>
    public string? Policy { get; set; }

    public string? LifecyclePolicy { get; set; }

    public bool IsImmutable =>
        Settings["imageTagMutability"]?.GetValue<string>().StartsWith("IMMUTABLE", StringComparison.Ordinal) == true;
}
