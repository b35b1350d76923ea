using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>LLC1210 to LLC1213 and LLC2154: repositories of Amazon ECR.</summary>
internal static class PushErrors
{
    public static LayersException RepositoryMissing(string name, string account, string region) => new("LLC1210",
        $"The ECR repository '{name}' does not exist in account {account}, region {region}, and a push does not "
        + "create it. Let the build create it with <EcrCreateRepository>true</EcrCreateRepository> (or "
        + $"-p:EcrCreateRepository=true), or run: aws ecr create-repository --region {region} --repository-name "
        + $"{name}. If it should exist, correct account or region in ContainerRegistry, or ContainerRepository.");

    public static LayersException TagImmutable(string name, string tag) => new("LLC1211",
        $"The ECR repository '{name}' has immutable tags, and an image tagged '{tag}' is there already; the push "
        + "would be refused. Give every image a tag of its own, for example -p:ContainerImageTag=$(git rev-parse "
        + "--short HEAD).");

    public static LayersException PublicRepositoryNotCreated(string name) => new("LLC1212",
        "EcrCreateRepository creates private repositories only. Create the public one with: "
        + "aws ecr-public create-repository --region us-east-1 --repository-name "
        + $"{name[(name.LastIndexOf('/') + 1)..]}, and remove EcrCreateRepository.");

    public static LayersException PushNotPossible(string host) => new("LLC1213",
        $"The push to {host} cannot be signed in because System.Net.Http.EnableActivityPropagation is off in this "
        + "process. Remove DOTNET_SYSTEM_NET_HTTP_ENABLEACTIVITYPROPAGATION from the environment, or log in with "
        + "docker and set DOTNET_CONTAINER_PUSH_REGISTRY_UNAME and DOTNET_CONTAINER_PUSH_REGISTRY_PWORD.");

    public static LayersException KmsKeyWithoutKms() =>
        new("LLC2154", "EcrKmsKey needs encryption with KMS, but EcrEncryptionType is AES256. "
            + "Write <EcrEncryptionType>KMS</EcrEncryptionType>, or remove EcrKmsKey.");
}
