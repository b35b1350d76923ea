namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Why an image is not in the answer.</summary>
internal sealed record ImageFailure
{
    public ImageIdentifier? ImageId { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureReason { get; init; }
}
