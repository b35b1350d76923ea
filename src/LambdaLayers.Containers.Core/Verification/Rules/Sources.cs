namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>Where the rules come from.</summary>
internal static class Sources
{
    /// <summary>What AWS asks of an image: manifest types, one architecture, Linux, readable files.</summary>
    public const string ImageRequirements = "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html";

    public const string Quotas = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html";

    public const string Extensions = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-extensions.html";

    public const string ExtensionsApi = "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html";

    public const string Variables = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html";

    public const string ImageTrouble = "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-images.html";

    public const string Handler = "https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html";

    public const string DotnetBootstrap =
        "https://github.com/aws/aws-lambda-dotnet/blob/master/Libraries/src/Amazon.Lambda.RuntimeSupport/bootstrap.sh";

    /// <summary>The kernel's rules for starting a file.</summary>
    public const string Execve = "https://man7.org/linux/man-pages/man2/execve.2.html";

    /// <summary>The loader's rules for finding libraries.</summary>
    public const string Loader = "https://man7.org/linux/man-pages/man8/ld.so.8.html";

    /// <summary>What Lambda's unpacker refuses of tars, layers and compressions, as others ran into it.</summary>
    public const string Unpacker = "https://github.com/aspect-build/rules_aws/pull/145";

    public const string MissingParents = "https://github.com/aspect-build/rules_aws/issues/103";

    public const string Index = "https://github.com/aws/aws-lambda-roadmap/issues/82";

    public const string OciConfig = "https://github.com/opencontainers/image-spec/blob/main/config.md";

    public const string OciLayer = "https://github.com/opencontainers/image-spec/blob/main/layer.md";

    public const string Layers = "https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html";

    public const string Secrets = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html";
}
