namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Whether images are scanned when pushed.</summary>
internal sealed record ImageScanningConfiguration
{
    public bool? ScanOnPush { get; init; }
}
