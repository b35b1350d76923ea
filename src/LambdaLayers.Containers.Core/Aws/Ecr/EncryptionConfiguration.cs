namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>How images are encrypted; cannot be changed later.</summary>
internal sealed record EncryptionConfiguration
{
    /// <summary>AES256, KMS or KMS_DSSE.</summary>
    public required string EncryptionType { get; init; }

    public string? KmsKey { get; init; }
}
