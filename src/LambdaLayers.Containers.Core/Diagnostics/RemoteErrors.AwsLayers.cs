namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC1120 to LLC1139: published layers.</summary>
internal static partial class RemoteErrors
{
    public static LayersException LayerAccessDenied(string arn, string? region, Exception inner) => Error("LLC1120",
        $"Lambda does not let these credentials fetch {arn}. Either the region is wrong ("
        + (region is null ? "the layer is managed by AWS and fetched in the build's region" : $"the ARN says {region}; many "
            + "owners publish in each region under its own ARN")
        + "), or the owner has not shared the layer, or the IAM policy lacks the action lambda:GetLayerVersion on it. "
        + $"Allow: {{ \"Effect\": \"Allow\", \"Action\": \"lambda:GetLayerVersion\", \"Resource\": \"{arn}\" }}; an owner "
        + "shares a layer with 'aws lambda add-layer-version-permission'.", inner);

    public static LayersException LayerNotFound(string arn, Exception inner) => Error("LLC1121",
        $"There is no layer {arn}, or this version of it has been deleted. Check its name, account, region and version.", inner);

    public static LayersException LayerVersionNotFound(
        string layer, long version, IReadOnlyList<long> highest, Exception inner) => Error("LLC1122",
            $"The layer {layer} has no version {version}. The newest are {string.Join(", ", highest)}. Write for example "
            + $"<LambdaLayer Include=\"{layer}:{highest[0]}\" />.", inner);

    public static LayersException LayerListingDenied(string layer, Exception inner) => Error("LLC1123",
        $"The newest version of {layer} cannot be found out: its owner does not let others list its versions (or the IAM "
        + "policy lacks lambda:ListLayerVersions). Take the version from the owner's documentation and name it: "
        + $"<LambdaLayer Include=\"{layer}:1\" />.", inner);

    public static LayersException LayerWithoutVersions(string layer) => Error("LLC1124",
        $"The layer {layer} has no version, or none that these credentials may see. Check its name, account and region.");

    public static LayersException LayerAnswerIncomplete(string arn, string missing) => Error("LLC1125",
        $"Lambda's answer about {arn} has no usable {missing}. If AWS_ENDPOINT_URL points to an emulator, it may not know "
        + "GetLayerVersionByArn.");

    public static LayersException LayerChanged(string arn, string expected, string actual) => Error("LLC1126",
        $"The content behind {arn} is not what it was: expected {expected}, Lambda now says {actual}. A published version "
        + "never changes, so do not trust it before its owner has explained. Then run the target UpdateLambdaLayers.");
}
