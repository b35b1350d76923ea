using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>LLC1310 to LLC1339 and LLC2155 to LLC2169: deploying functions.</summary>
internal static class FunctionErrors
{
    public static LayersException IsNoImage(string function) => new("LLC1310",
        $"The function '{function}' is made from a zip (PackageType Zip), and Lambda never changes that. Deploy "
        + "under another LambdaFunctionName, or delete the function first: "
        + $"aws lambda delete-function --function-name {function}.");

    public static LayersException CreationFailed(string function, string code, string reason) =>
        new("LLC1311", $"Lambda could not create the function '{function}': {Reason(code, reason)}{Advice(code)} The "
            + "function stays in the state Failed; publish again when the cause is mended, or delete it: aws lambda "
            + $"delete-function --function-name {function}.");

    public static LayersException CodeFailed(string function, string image, string code, string reason) =>
        new("LLC1312", $"Lambda could not update the function '{function}': {Reason(code, reason)}{Advice(code)} The "
            + $"function keeps running its old code, {image}.");

    public static LayersException SettingsFailed(string function, string code, string reason) =>
        new("LLC1313", $"Lambda could not change the settings of '{function}': {Reason(code, reason)}{Advice(code)}");

    public static LayersException NotSettled(string function, string state, string update, int seconds) =>
        new("LLC1314", $"Lambda has not finished with '{function}' after {seconds} seconds (State {state}, "
            + $"LastUpdateStatus {update}). What it ends with is not known yet: aws lambda get-function "
            + $"--function-name {function} shows it. Then publish again, which changes only what is still to change.");

    public static LayersException RegionMismatch(string image, string function, string registry) => new("LLC1315",
        $"The image goes to a registry in {image}, but the function is in {function}, and Lambda takes images of its "
        + $"own region only. Push there (-p:ContainerRegistry={registry}), or deploy to the image's region "
        + $"(-p:AwsRegion={image}).");

    public static LayersException RegistryNotEcr(string registry) => new("LLC1316",
        $"Lambda takes images from private Amazon ECR registries only, and ContainerRegistry is '{registry}'. Push to "
        + "123456789012.dkr.ecr.us-east-1.amazonaws.com with your own account and region. For an emulator set "
        + "AWS_ENDPOINT_URL_LAMBDA; then any registry is taken.");

    public static LayersException Unchanged(LayersException cause, string function) => new(
        cause.Diagnostic with
        {
            Message = $"{cause.Diagnostic.Message} The function '{function}' is unchanged and keeps running its old "
                + "code.",
        },
        cause.InnerException);

    public static LayersException PutBack(LayersException cause, string function, string image) => new("LLC1317",
        $"{cause.Diagnostic.Message} Its new code had been set already and has been taken back: the function "
        + $"'{function}' runs its old code {image} with its old settings ({cause.Diagnostic.Code}).", cause);

    public static LayersException NotPutBack(
        LayersException cause, string function, string old, string now) => new("LLC1318",
            $"{cause.Diagnostic.Message} The function '{function}' has its new code {now} with its old settings, and "
            + "putting the old code back failed too. Do it by hand: aws lambda update-function-code --function-name "
            + $"{function} --image-uri {old}.", cause);

    public static LayersException ImageDenied(string function, string image) => new("LLC1319",
        $"Lambda may not pull {image} for '{function}', which is unchanged if it exists. The repository's policy has "
        + "to allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to the service lambda.amazonaws.com. Lambda "
        + "adds that itself when these credentials may ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy; for a "
        + "repository of another account its owner has to. The policy's text: docs/how-to/deploy.md.");

    public static LayersException VersionFailed(string function, string version, string code, string reason) =>
        new("LLC1320", $"Lambda could not make version {version} of '{function}' ready: "
            + $"{Reason(code, reason)}{Advice(code)} No alias was moved.");

    public static LayersException EnvironmentUnreadable(string code, string text) => new("LLC1321",
        $"The function's environment variables cannot be read ({code}: {text}), and without knowing them setting one "
        + "would lose the others. Allow kms:Decrypt for the function's key, or set them all: "
        + "<LambdaEnvironmentReplace>true</LambdaEnvironmentReplace>.");

    public static LayersException ResponseIncomplete(string function, string missing) => new("LLC1322",
        $"Lambda's response about '{function}' has no {missing}. If AWS_ENDPOINT_URL points to an emulator, it may "
        + "not know functions from images; otherwise check HTTPS_PROXY.");

    public static Diagnostic AliasSharesCalls(string alias, IReadOnlyList<string> versions) => new("LLC1330",
        $"The alias '{alias}' also sends a share of the calls to version {string.Join(" and ", versions)}. That is left as it is; end it "
        + $"with: aws lambda update-alias --name {alias} --routing-config AdditionalVersionWeights={{}}.");

    public static LayersException BadFunctionName(string value) =>
        new("LLC2155", $"LambdaFunctionName is '{value}'. It is a name of up to 64 letters, digits, '-' and '_', or "
            + "a function's ARN without version or alias: <LambdaFunctionName>my-function</LambdaFunctionName>.");

    public static LayersException RoleMissing(string function) =>
        new("LLC2156", $"The function '{function}' does not exist yet, and a new one needs a role to run as. Set "
            + "<LambdaFunctionRole>arn:aws:iam::123456789012:role/my-function</LambdaFunctionRole>. The role trusts "
            + "lambda.amazonaws.com and has the policy AWSLambdaBasicExecutionRole.");

    public static LayersException BadRole(string value) =>
        new("LLC2157", $"LambdaFunctionRole is '{value}'. It is the ARN of an IAM role: "
            + "<LambdaFunctionRole>arn:aws:iam::123456789012:role/my-function</LambdaFunctionRole>.");

    public static LayersException ArchitectureAmbiguous(string function, IReadOnlyList<string> architectures) =>
        new("LLC2158", $"The publish makes images for {string.Join(" and ", architectures)}, and the function "
            + $"'{function}' runs one. Say which: <LambdaArchitecture>arm64</LambdaArchitecture>. Lambda does not take an image index.");

    public static LayersException ArchitectureNotPublished(string wanted, IReadOnlyList<string> architectures) =>
        new("LLC2159", $"LambdaArchitecture is {wanted}, but the publish makes an image for "
            + $"{string.Join(" and ", architectures)}. Publish for it: "
            + $"<RuntimeIdentifier>{(wanted == Platform.LinuxArm64.LambdaArchitecture ? Platform.LinuxArm64 : Platform.LinuxAmd64).RuntimeIdentifier}</RuntimeIdentifier>.");

    public static LayersException VpcIncomplete() =>
        new("LLC2160", "LambdaSubnets and LambdaSecurityGroups belong together: a function in a VPC needs both. "
            + "Write <LambdaSubnets>subnet-1;subnet-2</LambdaSubnets> "
            + "<LambdaSecurityGroups>sg-1</LambdaSecurityGroups>.");

    public static LayersException ReservedVariable(string name) =>
        new("LLC2161", $"The variable '{name}' belongs to Lambda and cannot be set. Remove it from LambdaEnvironment. "
            + "The list: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html.");

    public static LayersException EnvironmentTooLarge(int bytes) =>
        new("LLC2162", $"The environment variables take {bytes} bytes; Lambda allows 4096 for all of them together. "
            + "Move long values into Parameter Store, Secrets Manager or AppConfig.");

    public static LayersException BadVariableName(string name) =>
        new("LLC2164", $"'{name}' is no name for an environment variable of a function: it begins with a letter and "
            + "has at least two letters, digits or '_'.");

    public static LayersException BadAlias(string value) => new("LLC2166",
        $"LambdaAlias is '{DisplayText.Name(value)}'. It is a name of up to 128 letters, digits, '-' and '_', and "
        + "not a number: <LambdaAlias>live</LambdaAlias>.");

    /// <summary>
    /// What to do about Lambda's reason codes (botocore, lambda service-2.json: StateReasonCode, LastUpdateStatusReasonCode);
    /// empty when Lambda's own reason says it all.
    /// </summary>
    public static string Advice(string code) => code switch
    {
        "ImageAccessDenied" =>
            " Lambda may not pull the image. The repository's policy has to allow ecr:BatchGetImage and "
            + "ecr:GetDownloadUrlForLayer to the service lambda.amazonaws.com; Lambda adds that itself when the "
            + "caller may ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy. See docs/how-to/deploy.md.",
        "ImageDeleted" => " The image is gone from the repository: a lifecycle policy may have removed it. Publish "
        + "again.",
        "InvalidImage" =>
            " Lambda cannot use the image: it takes one Linux manifest of the function's architecture (no index), "
            + "with gzip layers. Publish again without changing the image in between.",
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
        "DisallowedByVpcEncryptionControl" => " The VPC enforces encryption that this function cannot have; choose "
        + "other LambdaSubnets.",
        var c when c.StartsWith("EFS", StringComparison.Ordinal) => " The function's file system is not reachable.",
        "FunctionError.ExtensionInitError" =>
            " An extension in /opt/extensions failed when it was started: look at the function's log, and publish "
            + "without that layer to be sure.",
        "FunctionError.TooManyExtensions" => " Lambda starts at most 10 files of /opt/extensions: remove a layer.",
        "FunctionError.InvalidEntryPoint" =>
            " The entry point is not in the image or cannot run: check ContainerEntrypoint and LambdaImageEntryPoint.",
        "FunctionError.InvalidWorkingDirectory" =>
            " The working directory is not in the image: check ContainerWorkingDirectory and "
            + "LambdaImageWorkingDirectory.",
        "FunctionError.PermissionDenied" =>
            " The entry point or an extension may not be run by Lambda's user: files that are run need mode 0755.",
        var c when c.StartsWith("FunctionError", StringComparison.Ordinal) =>
            " The function itself failed when it was started: look at its log (aws logs tail /aws/lambda/NAME).",
        _ => "",
    };

    private static string Reason(string code, string text) =>
        text.Length == 0
            ? $"{(code.Length == 0 ? "no reason given" : code)}."
            : $"{(code.Length == 0 ? "" : code + ": ")}{text.TrimEnd('.')}.";
}
