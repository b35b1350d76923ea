namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>
/// What to do about Lambda's reason codes (botocore, lambda service-2.json: StateReasonCode, LastUpdateStatusReasonCode).
/// </summary>
internal static class FunctionReasons
{
    /// <summary>Advice that follows Lambda's own reason; empty when that says it all.</summary>
    public static string Advice(string code) => code switch
    {
        "ImageAccessDenied" =>
            " Lambda may not pull the image. The repository's policy has to allow ecr:BatchGetImage and "
            + "ecr:GetDownloadUrlForLayer to the service lambda.amazonaws.com; Lambda adds that itself when the caller may "
            + "ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy. See docs/how-to/deploy.md.",
        "ImageDeleted" => " The image is gone from the repository: a lifecycle policy may have removed it. Publish again.",
        "InvalidImage" =>
            " Lambda cannot use the image. Run the target VerifyLambdaImage, which looks for what Lambda refuses.",
        "KMSKeyAccessDenied" or "KMSKeyNotFound" or "InvalidStateKMSKey" or "DisabledKMSKey" =>
            " Check LambdaKmsKey, and that the function's role may kms:Decrypt with that key.",
        "EniLimitExceeded" or "SubnetOutOfIPAddresses" or "InvalidSubnet" or "InvalidSecurityGroup" =>
            " Check LambdaSubnets and LambdaSecurityGroups.",
        "InsufficientRolePermissions" =>
            " The function's role lacks a permission; for a VPC it needs the policy AWSLambdaVPCAccessExecutionRole.",
        "InvalidConfiguration" => " Check the Lambda properties of the project.",
        "InternalError" or "InsufficientCapacity" or "EC2RequestLimitExceeded" => " Publish again in a while.",
        "VcpuLimitExceeded" or "CapacityProviderScalingLimitExceeded" =>
            " A limit of the account is reached: have it raised in Service Quotas.",
        "DisallowedByVpcEncryptionControl" => " The VPC enforces encryption that this function cannot have; choose other LambdaSubnets.",
        var c when c.StartsWith("EFS", StringComparison.Ordinal) => " The function's file system is not reachable.",
        var c when c.StartsWith("FunctionError", StringComparison.Ordinal) =>
            " The function itself failed when it was started: run the target VerifyLambdaImage, and look at its log.",
        _ => "",
    };
}
