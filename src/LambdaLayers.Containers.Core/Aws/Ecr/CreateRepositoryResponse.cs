namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>The new repository.</summary>
internal sealed record CreateRepositoryResponse
{
    public Repository? Repository { get; init; }
}
