namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC1200 to LLC1299: Amazon ECR.</summary>
internal static partial class RemoteErrors
{
    /// <summary>Any refusal that is no matter of credentials, by the codes of ECR's service model.</summary>
    public static LayersException AwsEcrRefused(string operation, string code, string text, Exception inner) => code switch
    {
        "RepositoryNotFoundException" => Error("LLC1200",
            $"The ECR repository does not exist: {text}. Let the build create it with "
            + "<EcrCreateRepository>true</EcrCreateRepository>, or run 'aws ecr create-repository --repository-name NAME'; "
            + "check account and region of the host too.", inner),
        "RepositoryAlreadyExistsException" => Error("LLC1201",
            $"The ECR repository exists already: {text}. Another build has created it in between; publish again.", inner),
        "LimitExceededException" => Error("LLC1202",
            $"ECR has reached a limit of the account: {text}. Delete what is not needed, or have the quota raised in "
            + "Service Quotas.", inner),
        "KmsException" or "KmsError" => Error("LLC1203",
            $"ECR cannot use the KMS key: {text}. The key has to be in the repository's region, and the caller needs "
            + "kms:CreateGrant and kms:DescribeKey on it.", inner),
        "ImageNotFoundException" => Error("LLC1204",
            $"The image is not in the ECR repository: {text}. Check tag or digest, account and region.", inner),
        "RepositoryPolicyNotFoundException" => Error("LLC1205",
            $"The ECR repository has no policy: {text}. Lambda needs one to pull from another account.", inner),
        "InvalidParameterException" or "InvalidTagParameterException" or "TooManyTagsException" or "ValidationException" =>
            Error("LLC1206",
                $"ECR does not accept a value for {operation}: {text}. Correct the repository's name, tags or settings.", inner),
        "ServerException" => Error("LLC1209",
            $"ECR failed at {operation}: {text}. Publish again in a while.", inner),
        "UnableToGetUpstreamImageException" => Error("LLC1215",
            $"ECR cannot get the image from the registry behind its pull-through cache: {text}. Check the cache rule and its "
            + "credentials.", inner),
        "UnsupportedCommandException" => Error("LLC1216",
            $"This endpoint does not know {operation}: {text}. The public gallery's API is in us-east-1 only.", inner),
        _ => Error("LLC1207",
            $"ECR refuses {operation}: {(code.Length == 0 ? "no code" : code)}: {text}.", inner),
    };

    public static LayersException EcrTokenUnusable(string host) => Error("LLC1208",
        $"ECR's answer holds no usable token for {host}. If AWS_ENDPOINT_URL points to an emulator, it has to answer "
        + "GetAuthorizationToken with base64 of 'AWS:password'.");
}
