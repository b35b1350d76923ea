using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>What a missing ECR repository is created with; an existing one is left as it is.</summary>
internal sealed record RepositorySettings
{
    private static readonly string[] Mutabilities = ["MUTABLE", "IMMUTABLE"];
    private static readonly string[] Encryptions = ["AES256", "KMS", "KMS_DSSE"];

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

    /// <summary>Reads the <c>Ecr…</c> properties.</summary>
    /// <param name="property">Reads a property by its name; empty when it is not set.</param>
    public static RepositorySettings Parse(Func<string, string> property)
    {
        var key = PropertyValues.Text(property, "EcrKmsKey");
        var encryption = PropertyValues.OneOf(property, "EcrEncryptionType", Encryptions)
            ?? (key is null ? null : "KMS");
        if (key is not null && encryption == "AES256")
            throw PushErrors.KmsKeyWithoutKms();
        return new RepositorySettings
        {
            Create = PropertyValues.Flag(property, "EcrCreateRepository") ?? false,
            Tags =
            [
                .. PropertyValues.Pairs(property, "EcrRepositoryTags")
                    .Select(x => new Tag { Key = x.Key, Value = x.Value }),
            ],
            ScanOnPush = PropertyValues.Flag(property, "EcrScanOnPush"),
            TagMutability = PropertyValues.OneOf(property, "EcrImageTagMutability", Mutabilities),
            EncryptionType = encryption,
            KmsKey = key,
        };
    }

    /// <summary>The settings as ECR wants them.</summary>
    public CreateRepositoryRequest ToRequest(EcrRegistryHost host, string repository) => new()
    {
        RegistryId = host.AccountId,
        RepositoryName = repository,
        Tags = Tags.Count == 0 ? null : Tags,
        ImageTagMutability = TagMutability,
        ImageScanningConfiguration = ScanOnPush is null ? null : new() { ScanOnPush = ScanOnPush },
        EncryptionConfiguration = EncryptionType is null
            ? null
            : new() { EncryptionType = EncryptionType, KmsKey = KmsKey },
    };
}
