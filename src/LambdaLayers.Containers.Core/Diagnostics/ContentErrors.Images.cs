namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC3206: references to images.</summary>
internal static partial class ContentErrors
{
    public static LayersException NotAnImageReference(string include) => Error(
        "LLC3206",
        $"'{Shown(include)}' is no reference to an image. Write registry/repository with a tag or digest: "
        + "<LambdaLayer Include=\"public.ecr.aws/datadog/lambda-extension:65\" />.");
}
