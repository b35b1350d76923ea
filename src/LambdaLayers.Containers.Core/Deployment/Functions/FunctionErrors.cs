using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>LLC1310 to LLC1339: deploying functions.</summary>
internal static class FunctionErrors
{
    public static LayersException IsNoImage(string function) => new("LLC1310",
        $"The function '{function}' is made from a zip (PackageType Zip), and Lambda never changes that. Deploy under another "
        + "LambdaFunctionName, or delete the function first: "
        + $"aws lambda delete-function --function-name {function}.");

    public static LayersException CreationFailed(string function, string code, string reason, string advice) =>
        new("LLC1311", $"Lambda could not create the function '{function}': {Reason(code, reason)}{advice} The function stays in the "
            + $"state Failed; publish again when the cause is mended, or delete it: aws lambda delete-function --function-name {function}.");

    public static LayersException CodeFailed(
        string function, string image, string code, string reason, string advice) =>
        new("LLC1312", $"Lambda could not update the function '{function}': {Reason(code, reason)}{advice} The function keeps running "
            + $"its old code, {image}.");

    public static LayersException SettingsFailed(string function, string code, string reason, string advice) =>
        new("LLC1313", $"Lambda could not change the settings of '{function}': {Reason(code, reason)}{advice}");

    public static LayersException NotSettled(string function, string state, string update, int seconds) =>
        new("LLC1314", $"Lambda has not finished with '{function}' after {seconds} seconds (State {state}, LastUpdateStatus {update}). "
            + "What it ends with is not known yet: aws lambda get-function --function-name "
            + $"{function} shows it. Then publish again, which changes only what is still to change.");

    public static LayersException RegionMismatch(string image, string function, string registry) => new("LLC1315",
        $"The image goes to a registry in {image}, but the function is in {function}, and Lambda takes images of its own region only. "
        + $"Push there (-p:ContainerRegistry={registry}), or deploy to the image's region (-p:AwsRegion={image}).");

    public static LayersException RegistryNotEcr(string registry) => new("LLC1316",
        $"Lambda takes images from private Amazon ECR registries only, and ContainerRegistry is '{registry}'. Push to "
        + "123456789012.dkr.ecr.us-east-1.amazonaws.com with your own account and region. For an emulator set "
        + "AWS_ENDPOINT_URL_LAMBDA; then any registry is taken.");

    public static LayersException Unchanged(LayersException cause, string function) => new(
        cause.Diagnostic with
        {
            Message = $"{cause.Diagnostic.Message} The function '{function}' is unchanged and keeps running its old code.",
        },
        cause.InnerException);

    public static LayersException PutBack(LayersException cause, string function, string image) => new("LLC1317",
        $"{cause.Diagnostic.Message} Its new code had been set already and has been taken back: the function '{function}' runs its old "
        + $"code {image} with its old settings ({cause.Diagnostic.Code}).", cause);

    public static LayersException NotPutBack(
        LayersException cause, string function, string old, string now) => new("LLC1318",
            $"{cause.Diagnostic.Message} The function '{function}' has its new code {now} with its old settings, and putting the old code "
            + $"back failed too. Do it by hand: aws lambda update-function-code --function-name {function} --image-uri {old}.", cause);

    public static LayersException ImageDenied(string function, string image, Exception inner) => new("LLC1319",
        $"Lambda may not pull {image} for '{function}', which is unchanged if it exists. The repository's policy has to allow "
        + "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to the service lambda.amazonaws.com. Lambda adds that itself when these "
        + "credentials may ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy; for a repository of another account its owner has to. "
        + "The policy's text: docs/how-to/deploy.md.", inner);

    public static LayersException VersionFailed(string function, string version, string code, string reason, string advice) =>
        new("LLC1320", $"Lambda could not make version {version} of '{function}' ready: {Reason(code, reason)}{advice} No alias was moved.");

    public static LayersException EnvironmentUnreadable(string code, string text) => new("LLC1321",
        $"The function's environment variables cannot be read ({code}: {text}), and without knowing them setting one would lose the "
        + "others. Allow kms:Decrypt for the function's key, or set them all: "
        + "<LambdaEnvironmentReplace>true</LambdaEnvironmentReplace>.");

    public static Diagnostic AliasSharesCalls(string alias, IReadOnlyList<string> versions) => new("LLC1330",
        $"The alias '{alias}' also sends a share of the calls to version {string.Join(" and ", versions)}. That is left as it is; end it "
        + $"with: aws lambda update-alias --name {alias} --routing-config AdditionalVersionWeights={{}}.");

    private static string Reason(string code, string text) =>
        text.Length == 0 ? $"{(code.Length == 0 ? "no reason given" : code)}." : $"{(code.Length == 0 ? "" : code + ": ")}{text.TrimEnd('.')}.";
}
