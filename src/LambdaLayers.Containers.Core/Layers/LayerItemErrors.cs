using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>LLC20xx, and what else an item itself can have wrong.</summary>
internal static class LayerItemErrors
{
    public static LayersException UnknownInclude(string include) =>
        new("LLC2001", $"'{DisplayText.Name(include)}' is nothing that a layer can come from. Use one of: a layer's ARN "
            + "(arn:aws:lambda:us-east-1:123456789012:layer:my-layer:1), a container image with its tag or digest "
            + "(public.ecr.aws/datadog/lambda-extension:65), a zip file (layers/tools.zip), an existing folder "
            + "(layers/tools/), a project (../MyExtension/MyExtension.csproj), or an https address of a zip with "
            + "Sha256. Or set the Kind metadata: <LambdaLayer Include=\"…\" Kind=\"Directory\" />.");

    public static LayersException UnknownKind(string kind) =>
        new("LLC2002", $"Kind '{DisplayText.Name(kind)}' is unknown. Use Arn, Image, Zip, Directory, Project or Url.");

    public static LayersException BadImagePath(string metadata, string value) =>
        new("LLC2003", $"{metadata} '{DisplayText.Name(value)}' is not an absolute folder inside an image. "
            + $"Write it like {metadata}=\"/opt/tools\".");

    public static LayersException BadSha256(string value) =>
        new("LLC2004", $"Sha256 '{DisplayText.Name(value)}' is not a SHA-256 hash. It takes 64 hex digits (as sha256sum prints them) "
            + "or the base64 form that Lambda shows as CodeSha256.");

    public static LayersException UnknownArchitecture(string value) =>
        new("LLC2005", $"Architecture '{DisplayText.Name(value)}' is unknown. Lambda has x64 and arm64: Architecture=\"arm64\".");

    public static LayersException UrlNeedsSha256(string include) =>
        new("LLC2006", "A zip from an https address needs the Sha256 metadata, so that nobody can change it "
            + $"unnoticed: <LambdaLayer Include=\"{DisplayText.Name(WithoutQuery(include))}\" Sha256=\"…\" />.");

    public static LayersException NotAWebAddress(string include) =>
        new("LLC2013", $"'{DisplayText.Name(WithoutQuery(include))}' is not the address of a zip. Write it like "
            + "<LambdaLayer Include=\"https://example.com/layer.zip\" Sha256=\"…\" />.");

    public static LayersException Sha256Mismatch(string expected, string actual) =>
        new("LLC2011", $"The file's SHA-256 is {actual}, but the item says {expected}. "
            + "If the change is wanted, put the new value into Sha256.");

    public static LayersException NotALayerArn(string include) =>
        new("LLC2206", $"'{DisplayText.Name(include)}' is not the ARN of a Lambda layer. Write it like "
            + "arn:aws:lambda:us-east-1:123456789012:layer:my-layer:1; without the version, or with :latest, it means the "
            + "newest one. A function's ARN, or one with a name instead of the account's twelve digits, is none.");

    public static LayersException BuildCommandNeedsFolder(string kind) =>
        new("LLC2410", $"BuildCommand fills a folder, but this item is of kind {kind}. Name the folder, or say so: "
            + "<LambdaLayer Include=\"python-packages\" Kind=\"Directory\" BuildCommand=\"…\" />.");

    public static LayersException BuildInputsWithoutCommand() =>
        new("LLC2414", "BuildInputs says when a BuildCommand has to run again, but the item has no BuildCommand.");

    public static LayersException ExcludeFilesNeedsFolder(string kind) =>
        new("LLC2012", $"ExcludeFiles leaves files of a folder out, but this item is of kind {kind}, whose content is its "
            + "publisher's. Remove ExcludeFiles, or name a folder: "
            + "<LambdaLayer Include=\"layers/tools/\" ExcludeFiles=\"tests;*.md\" />.");

    public static LayersException NotAnImageReference(string include) => new(
        "LLC3206",
        $"'{DisplayText.Name(include)}' is no reference to an image. Write registry/repository with a tag or digest: "
        + "<LambdaLayer Include=\"public.ecr.aws/datadog/lambda-extension:65\" />.");

    private static string WithoutQuery(string address) => address.Split('?', '#')[0];
}
