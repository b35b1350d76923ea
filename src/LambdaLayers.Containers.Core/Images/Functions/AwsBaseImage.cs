using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// What a base image's config tells about AWS's conventions. Read from the config, not from the name: companies mirror
/// AWS's images under names of their own.
/// </summary>
internal static class AwsBaseImage
{
    /// <summary>The entry point of all AWS base images; it takes exactly one argument, the handler.</summary>
    public const string EntryPoint = "/lambda-entrypoint.sh";

    /// <summary>Whether it is one of AWS's images, or made of one.</summary>
    public static bool Is(ImageConfig config) =>
        config.EnvironmentVariable("LAMBDA_TASK_ROOT") is not null
        || config.EnvironmentVariable("LAMBDA_RUNTIME_DIR") is not null;

    /// <summary>Whether it brings the shared .NET runtime, and with it a bootstrap of its own.</summary>
    public static bool HasDotnet(ImageConfig config) =>
        config.EnvironmentVariable("DOTNET_VERSION") is not null || config.EnvironmentVariable("DOTNET_ROOT") is not null;

    /// <summary>Whether a container of it starts with AWS's entry point.</summary>
    public static bool StartsWithEntryPoint(ImageConfig config) =>
        config.EntryPoint is [var first, ..] && first == EntryPoint;
}
