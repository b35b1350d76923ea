namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC1300 to LLC1399: Lambda functions.</summary>
internal static partial class RemoteErrors
{
    /// <summary>Any refusal that is no matter of credentials, by the codes of Lambda's service model.</summary>
    public static LayersException AwsLambdaRefused(string operation, string code, string text, Exception inner) => code switch
    {
        "ResourceNotFoundException" => Error("LLC1300",
            $"Lambda cannot find what {operation} is about: {text}. Check name, account and region.", inner),
        "ResourceConflictException" => Error("LLC1301",
            $"Lambda refuses {operation} because of a conflict: {text}. If an update is in progress, publish again when it "
            + "has ended.", inner),
        "InvalidParameterValueException" or "ValidationException" => Error("LLC1302",
            $"Lambda does not accept a value for {operation}: {text}.", inner),
        "PreconditionFailedException" => Error("LLC1303",
            $"Somebody else has changed the function in the meantime ({operation}: {text}). Publish again.", inner),
        "CodeStorageExceededException" => Error("LLC1304",
            $"The account's code storage in this region is full ({operation}: {text}). Delete old functions or versions.", inner),
        "CodeArtifactUserPendingException" or "CodeArtifactUserDeletedException" or "CodeArtifactUserFailedException" =>
            Error("LLC1305", $"Lambda cannot use the image yet or any more ({operation}: {text}). Publish again.", inner),
        "CodeSigningConfigNotFoundException" or "CodeVerificationFailedException" or "InvalidCodeSignatureException" =>
            Error("LLC1307", $"Lambda wants signed code ({operation}: {text}), which functions from images cannot have. Take the code "
                + "signing configuration off the function: aws lambda delete-function-code-signing-config.", inner),
        "FunctionVersionsPerCapacityProviderLimitExceededException" => Error("LLC1308",
            $"The capacity provider has as many function versions as it may have ({operation}: {text}). Delete old versions.", inner),
        _ => Error("LLC1306",
            $"Lambda refuses {operation}: {(code.Length == 0 ? "no code" : code)}: {text}.", inner),
    };
}
