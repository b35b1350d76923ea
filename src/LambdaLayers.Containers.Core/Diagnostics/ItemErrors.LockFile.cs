namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC2206 to LLC2210: layer ARNs, regions and offline builds.</summary>
internal static partial class ItemErrors
{
    public static LayersException NotALayerArn(string include) =>
        Error("LLC2206", $"'{include}' is not the ARN of a Lambda layer. Write it like "
            + "arn:aws:lambda:us-east-1:123456789012:layer:my-layer:1; without the version, or with :latest, it means the "
            + "newest one. A function's ARN, or one with a name instead of the account's twelve digits, is none.");

    public static LayersException OfflineMissing(IReadOnlyList<string> missing) =>
        Error("LLC2210", "LambdaLayersOffline forbids the network, and this is missing: " + string.Join("; ", missing)
            + ". Run the target RestoreLambdaLayers once with the network (dotnet msbuild -t:RestoreLambdaLayers), keep "
            + "LambdaLayersCacheDirectory and the lock file, and build again.", new OfflineGap(missing));
}
