namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>LLC1200 to LLC1209 and LLC1214 to LLC1216: Amazon ECR.</summary>
internal static class EcrErrors
{
    /// <summary>Any refusal that is no matter of credentials, by the codes of ECR's service model.</summary>
    public static AwsException Refused(string operation, string code, string text) => code switch
    {
        "RepositoryNotFoundException" => new(AwsFailureKind.NotFound, "LLC1200",
            $"The ECR repository does not exist: {text}. Let the build create it with "
            + "<EcrCreateRepository>true</EcrCreateRepository>, or run 'aws ecr create-repository --repository-name "
            + "NAME'; check account and region of the host too."),
        "RepositoryAlreadyExistsException" => new(AwsFailureKind.AlreadyExists, "LLC1201",
            $"The ECR repository exists already: {text}. Another build has created it in between; publish again."),
        "LimitExceededException" => new("LLC1202",
            $"ECR has reached a limit of the account: {text}. Delete what is not needed, or have the quota raised in "
            + "Service Quotas."),
        "KmsException" or "KmsError" => new("LLC1203",
            $"ECR cannot use the KMS key: {text}. The key has to be in the repository's region, and the caller needs "
            + "kms:CreateGrant and kms:DescribeKey on it."),
        "ImageNotFoundException" => new(AwsFailureKind.NotFound, "LLC1204",
            $"The image is not in the ECR repository: {text}. Check tag or digest, account and region."),
        "RepositoryPolicyNotFoundException" => new("LLC1205",
            $"The ECR repository has no policy: {text}. Lambda needs one to pull from another account."),
        "InvalidParameterException" or "InvalidTagParameterException" or "TooManyTagsException" or "ValidationException" =>
            new("LLC1206",
                $"ECR does not accept a value for {operation}: {text}. Correct the repository's name, tags or "
                + "settings."),
        "ServerException" => new("LLC1209",
            $"ECR failed at {operation}: {text}. Publish again in a while."),
        "UnableToGetUpstreamImageException" => new("LLC1215",
            $"ECR cannot get the image from the registry behind its pull-through cache: {text}. Check the cache rule "
            + "and its credentials."),
        "UnsupportedCommandException" => new("LLC1216",
            $"This endpoint does not know {operation}: {text}. The public gallery's API is in us-east-1 only."),
        _ => new("LLC1207",
            $"ECR refuses {operation}: {(code.Length == 0 ? "no code" : code)}: {text}."),
    };

    public static AwsException TokenUnusable(string host) => new("LLC1208",
        $"ECR's answer holds no usable token for {host}. If AWS_ENDPOINT_URL points to an emulator, it has to answer "
        + "GetAuthorizationToken with base64 of 'AWS:password'.");

    public static AwsException PushNotSignedIn(string host) => new("LLC1214",
        $"Nothing signs the push to {host} in. There are no AWS credentials (looked for AWS_ACCESS_KEY_ID and "
        + "AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE, the profile 'default', the role of a container or an "
        + "EC2 instance), no docker log-in for that host, and no DOTNET_CONTAINER_PUSH_REGISTRY_UNAME and "
        + "DOTNET_CONTAINER_PUSH_REGISTRY_PWORD. Run 'aws configure sso' (or 'aws configure'), or name a profile: "
        + "-p:AwsProfile=NAME.");
}
