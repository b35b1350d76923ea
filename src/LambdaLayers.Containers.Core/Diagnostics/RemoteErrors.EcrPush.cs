namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC1210 to LLC1229: pushing to Amazon ECR.</summary>
internal static partial class RemoteErrors
{
    public static LayersException EcrRepositoryMissing(string name, string account, string region) => Error("LLC1210",
        $"The ECR repository '{name}' does not exist in account {account}, region {region}, and a push does not create it. "
        + "Let the build create it with <EcrCreateRepository>true</EcrCreateRepository> (or -p:EcrCreateRepository=true), or run: "
        + $"aws ecr create-repository --region {region} --repository-name {name}. If it should exist, correct account or region "
        + "in ContainerRegistry, or ContainerRepository.");

    public static LayersException EcrTagImmutable(string name, string tag) => Error("LLC1211",
        $"The ECR repository '{name}' has immutable tags, and an image tagged '{tag}' is there already; the push would be refused. "
        + "Give every image a tag of its own, for example -p:ContainerImageTag=$(git rev-parse --short HEAD).");

    public static LayersException EcrPublicRepositoryNotCreated(string name) => Error("LLC1212",
        "EcrCreateRepository creates private repositories only. Create the public one with: "
        + $"aws ecr-public create-repository --region us-east-1 --repository-name {name[(name.LastIndexOf('/') + 1)..]}, "
        + "and remove EcrCreateRepository.");

    public static LayersException EcrPushNotPossible(string host) => Error("LLC1213",
        $"The push to {host} cannot be signed in because System.Net.Http.EnableActivityPropagation is off in this process. Remove "
        + "DOTNET_SYSTEM_NET_HTTP_ENABLEACTIVITYPROPAGATION from the environment, or log in with docker and set "
        + "DOTNET_CONTAINER_PUSH_REGISTRY_UNAME and DOTNET_CONTAINER_PUSH_REGISTRY_PWORD.");

    public static LayersException EcrPushNotSignedIn(string host, Exception inner) => Error("LLC1214",
        $"Nothing signs the push to {host} in. There are no AWS credentials (looked for AWS_ACCESS_KEY_ID and "
        + "AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE, the profile 'default', the role of a container or an EC2 instance), "
        + "no docker log-in for that host, and no DOTNET_CONTAINER_PUSH_REGISTRY_UNAME and DOTNET_CONTAINER_PUSH_REGISTRY_PWORD. "
        + "Run 'aws configure sso' (or 'aws configure'), or name a profile: -p:AwsProfile=NAME.", inner);
}
