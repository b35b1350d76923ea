namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC20xx: LambdaLayer items and their metadata.</summary>
internal static partial class ItemErrors
{
    public static LayersException UnknownInclude(string include) =>
        Error("LLC2001", $"'{include}' is nothing that a layer can come from. Use one of: a layer's ARN "
            + "(arn:aws:lambda:us-east-1:123456789012:layer:my-layer:1), a container image with its tag or digest "
            + "(public.ecr.aws/datadog/lambda-extension:65), a zip file (layers/tools.zip), an existing folder "
            + "(layers/tools/), a project (../MyExtension/MyExtension.csproj), or an https address of a zip with "
            + "Sha256. Or set the Kind metadata: <LambdaLayer Include=\"…\" Kind=\"Directory\" />.");

    public static LayersException UnknownKind(string kind) =>
        Error("LLC2002", $"Kind '{kind}' is unknown. Use Arn, Image, Zip, Directory, Project or Url.");

    public static LayersException BadImagePath(string metadata, string value) =>
        Error("LLC2003", $"{metadata} '{value}' is not an absolute folder inside an image. "
            + $"Write it like {metadata}=\"/opt/tools\".");

    public static LayersException BadSha256(string value) =>
        Error("LLC2004", $"Sha256 '{value}' is not a SHA-256 hash. It takes 64 hex digits (as sha256sum prints them) "
            + "or the base64 form that Lambda shows as CodeSha256.");

    public static LayersException UnknownArchitecture(string value) =>
        Error("LLC2005", $"Architecture '{value}' is unknown. Lambda has x64 and arm64: Architecture=\"arm64\".");

    public static LayersException UrlNeedsSha256(string include) =>
        Error("LLC2006", "A zip from an https address needs the Sha256 metadata, so that nobody can change it "
            + $"unnoticed: <LambdaLayer Include=\"{WithoutQuery(include)}\" Sha256=\"…\" />.");

    public static LayersException Sha256Mismatch(string expected, string actual) =>
        Error("LLC2011", $"The file's SHA-256 is {actual}, but the item says {expected}. "
            + "If the change is wanted, put the new value into Sha256.");

    private static string WithoutQuery(string address) => address.Split('?', '#')[0];
}
