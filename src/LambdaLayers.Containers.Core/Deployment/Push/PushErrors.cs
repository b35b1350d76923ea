using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>LLC1210, LLC1212 and LLC2154: repositories of Amazon ECR.</summary>
internal static class PushErrors
{
    public static LayersException RepositoryMissing(string name, string account, string region) => new("LLC1210",
        $"The ECR repository '{name}' does not exist in account {account}, region {region}, and a push does not "
        + "create it. Let the build create it with <EcrCreateRepository>true</EcrCreateRepository> (or "
        + $"-p:EcrCreateRepository=true), or run: aws ecr create-repository --region {region} --repository-name "
        + $"{name}. If it should exist, correct account or region in ContainerRegistry, or ContainerRepository.");

    public static LayersException PublicRepositoryNotCreated(string name) => new("LLC1212",
        "EcrCreateRepository creates private repositories only. Create the public one with: "
        + "aws ecr-public create-repository --region us-east-1 --repository-name "
        + $"{name[(name.LastIndexOf('/') + 1)..]}, and remove EcrCreateRepository.");

    public static LayersException KmsKeyWithoutKms() =>
        new("LLC2154", "EcrKmsKey needs encryption with KMS, but EcrEncryptionType is AES256. "
            + "Write <EcrEncryptionType>KMS</EcrEncryptionType>, or remove EcrKmsKey.");
}
