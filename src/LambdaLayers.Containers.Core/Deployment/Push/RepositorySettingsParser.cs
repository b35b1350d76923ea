using LambdaLayers.Containers.Core.Aws.Ecr.Model;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>From the <c>Ecr…</c> properties to <see cref="RepositorySettings"/>.</summary>
internal static class RepositorySettingsParser
{
    private static readonly string[] Mutabilities = ["MUTABLE", "IMMUTABLE"];
    private static readonly string[] Encryptions = ["AES256", "KMS", "KMS_DSSE"];

    /// <param name="property">Reads a property by its name; empty when it is not set.</param>
    public static RepositorySettings Parse(Func<string, string> property)
    {
        var key = PropertyValues.Text(property, "EcrKmsKey");
        var encryption = PropertyValues.OneOf(property, "EcrEncryptionType", Encryptions) ?? (key is null ? null : "KMS");
        if (key is not null && encryption == "AES256")
            throw PropertyErrors.KmsKeyWithoutKms();
        return new RepositorySettings
        {
            Create = PropertyValues.Flag(property, "EcrCreateRepository") ?? false,
            Tags = [.. PropertyValues.Pairs(property, "EcrRepositoryTags").Select(x => new Tag { Key = x.Key, Value = x.Value })],
            ScanOnPush = PropertyValues.Flag(property, "EcrScanOnPush"),
            TagMutability = PropertyValues.OneOf(property, "EcrImageTagMutability", Mutabilities),
            EncryptionType = encryption,
            KmsKey = key,
        };
    }
}
