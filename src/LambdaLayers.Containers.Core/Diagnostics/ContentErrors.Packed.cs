using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Diagnostics;

internal static partial class ContentErrors
{
    public static LayersException PackedDiffers(Digest expected, Digest actual) =>
        Error("LLC3401", $"The layer packs to {actual}, but {expected} is recorded for it. Its source has changed since; "
            + "if that is wanted, run the target UpdateLambdaLayers (dotnet msbuild -t:UpdateLambdaLayers).");
}
