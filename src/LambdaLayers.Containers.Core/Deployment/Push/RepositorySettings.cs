using LambdaLayers.Containers.Core.Aws.Ecr.Model;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>What a missing ECR repository is created with; an existing one is left as it is.</summary>
internal sealed record RepositorySettings
{
    /// <summary><c>EcrCreateRepository</c>.</summary>
    public bool Create { get; init; }

    /// <summary><c>EcrRepositoryTags</c>.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary><c>EcrScanOnPush</c>; null leaves it to the registry's settings.</summary>
    public bool? ScanOnPush { get; init; }

    /// <summary><c>EcrImageTagMutability</c>: MUTABLE or IMMUTABLE.</summary>
    public string? TagMutability { get; init; }

    /// <summary><c>EcrEncryptionType</c>: AES256, KMS or KMS_DSSE.</summary>
    public string? EncryptionType { get; init; }

    /// <summary><c>EcrKmsKey</c>: ARN, id or alias of the key for KMS.</summary>
    public string? KmsKey { get; init; }

    /// <summary>The settings as ECR wants them.</summary>
    public CreateRepositoryRequest ToRequest(PushDestination destination) => new()
    {
        RegistryId = destination.Host.AccountId,
        RepositoryName = destination.Repository,
        Tags = Tags.Count == 0 ? null : Tags,
        ImageTagMutability = TagMutability,
        ImageScanningConfiguration = ScanOnPush is null ? null : new() { ScanOnPush = ScanOnPush },
        EncryptionConfiguration = EncryptionType is null ? null : new() { EncryptionType = EncryptionType, KmsKey = KmsKey },
    };
}
