namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>LLC1120 to LLC1139: published layers. LLC1300 to LLC1309: refusals by Lambda.</summary>
internal static class LambdaErrors
{
    /// <summary>Any refusal that is no matter of credentials, by the codes of Lambda's service model.</summary>
    public static AwsException Refused(string operation, string code, string text) => code switch
    {
        "ResourceNotFoundException" => new(AwsFailureKind.NotFound, "LLC1300",
            $"Lambda cannot find what {operation} is about: {text}. Check name, account and region."),
        "ResourceConflictException" => new("LLC1301",
            $"Lambda refuses {operation} because of a conflict: {text}. If an update is in progress, publish again "
            + "when it has ended."),
        "InvalidParameterValueException" or "ValidationException" => new(KindOf(text), "LLC1302",
            $"Lambda does not accept a value for {operation}: {text}."),
        "PreconditionFailedException" => new("LLC1303",
            $"Somebody else has changed the function in the meantime ({operation}: {text}). Publish again."),
        "CodeStorageExceededException" => new("LLC1304",
            $"The account's code storage in this region is full ({operation}: {text}). Delete old functions or "
            + "versions."),
        "CodeArtifactUserPendingException" or "CodeArtifactUserDeletedException" or "CodeArtifactUserFailedException" =>
            new("LLC1305", $"Lambda cannot use the image yet or any more ({operation}: {text}). Publish again."),
        "CodeSigningConfigNotFoundException" or "CodeVerificationFailedException" or "InvalidCodeSignatureException" =>
            new("LLC1307", $"Lambda wants signed code ({operation}: {text}), which functions from images cannot "
                + "have. Take the code signing configuration off the function: aws lambda "
                + "delete-function-code-signing-config."),
        "FunctionVersionsPerCapacityProviderLimitExceededException" => new("LLC1308",
            $"The capacity provider has as many function versions as it may have ({operation}: {text}). Delete old "
            + "versions."),
        _ => new("LLC1306",
            $"Lambda refuses {operation}: {(code.Length == 0 ? "no code" : code)}: {text}."),
    };

    /// <summary>
    /// What a refusal of the caller, or of a value, is about by its text: Lambda has no code of its own for an image that it
    /// may not pull.
    /// </summary>
    public static AwsFailureKind KindOf(string text, AwsFailureKind otherwise = AwsFailureKind.Other) =>
        text.Contains("does not have permission to access the ECR image", StringComparison.OrdinalIgnoreCase)
            ? AwsFailureKind.ImageAccessDenied
            : otherwise;

    public static AwsException LayerAccessDenied(string arn, string? region) => new("LLC1120",
        $"Lambda does not let these credentials fetch {arn}. Either the region is wrong ("
        + (region is null ? "the layer is managed by AWS and fetched in the build's region" : "the ARN says "
        + $"{region}; many owners publish in each region under its own ARN")
        + "), or the owner has not shared the layer, or the IAM policy lacks the action lambda:GetLayerVersion on it. "
        + $"Allow: {{ \"Effect\": \"Allow\", \"Action\": \"lambda:GetLayerVersion\", \"Resource\": \"{arn}\" }}; an "
        + "owner shares a layer with 'aws lambda add-layer-version-permission'.");

    public static AwsException LayerNotFound(string arn) => new("LLC1121",
        $"There is no layer {arn}, or this version of it has been deleted. Check its name, account, region and "
        + "version.");

    public static AwsException LayerVersionNotFound(
        string layer, long version, IReadOnlyList<long> highest) => new("LLC1122",
            $"The layer {layer} has no version {version}. The newest are {string.Join(", ", highest)}. Write for example "
            + $"<LambdaLayer Include=\"{layer}:{highest[0]}\" />.");

    public static AwsException LayerListingDenied(string layer) => new("LLC1123",
        $"The newest version of {layer} cannot be found out: its owner does not let others list its versions (or the "
        + "IAM policy lacks lambda:ListLayerVersions). Take the version from the owner's documentation and name it: "
        + $"<LambdaLayer Include=\"{layer}:1\" />.");

    public static AwsException LayerWithoutVersions(string layer) => new("LLC1124",
        $"The layer {layer} has no version, or none that these credentials may see. Check its name, account and "
        + "region.");

    public static AwsException LayerAnswerIncomplete(string arn, string missing) => new("LLC1125",
        $"Lambda's answer about {arn} has no usable {missing}. If AWS_ENDPOINT_URL points to an emulator, it may not "
        + "know GetLayerVersionByArn.");

    public static AwsException LayerChanged(string arn, string expected, string actual) => new("LLC1126",
        $"The content behind {arn} is not what it was: expected {expected}, Lambda now says {actual}. A published "
        + "version never changes. Either the lock file was edited: take it back from version control. Or do not trust "
        + "the layer before its owner has explained; then delete its entry in the lock file and run the target "
        + "RestoreLambdaLayers.");
}
