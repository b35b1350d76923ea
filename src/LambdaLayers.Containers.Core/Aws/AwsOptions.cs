namespace LambdaLayers.Containers.Core.Aws;

/// <summary>How AWS is called in this build, apart from what the AWS SDK reads from the environment itself.</summary>
/// <param name="Environment">Reads an environment variable; null when it is not set.</param>
internal sealed record AwsOptions(Func<string, string?> Environment)
{
    /// <summary><c>AwsProfile</c>: a named profile instead of the default credential chain.</summary>
    public string? Profile { get; init; }

    /// <summary><c>AwsRegion</c>: for everything that does not name its region.</summary>
    public AwsRegion? Region { get; init; }

    /// <summary>Endpoints by service id (<c>Lambda</c>, <c>ECR</c>, <c>ECR PUBLIC</c>) that win over all other settings.</summary>
    public IReadOnlyDictionary<string, Uri> Endpoints { get; init; } = new Dictionary<string, Uri>();
}
