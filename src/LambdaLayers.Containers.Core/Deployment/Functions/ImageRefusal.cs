using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>Tells the refusal of an image from other refusals: Lambda has one code for all of them.</summary>
internal static class ImageRefusal
{
    /// <summary>Whether Lambda may not pull the image.</summary>
    public static bool Is(LayersException exception) =>
        AwsServiceFailure.Of(exception) is { } failure
        && failure.Message.Contains("does not have permission to access the ECR image", StringComparison.OrdinalIgnoreCase);
}
