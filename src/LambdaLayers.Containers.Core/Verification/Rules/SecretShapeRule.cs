using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Verification.Leaks;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Something in the image looks like a secret of one kind. It may be a test's, or an example; LambdaVerifyAllow says
/// so.
/// </summary>
internal sealed class SecretShapeRule(string code, string title, string what) : ImageRule(
    code, RuleSeverity.Warning, title, Sources.Secrets)
{
    /// <summary>One rule for each kind of secret.</summary>
    public static IReadOnlyList<ImageRule> Kinds { get; } =
    [
        new SecretShapeRule(SecretShapes.AwsKey, "An AWS access key is in the image", "what looks like an AWS access "
            + "key id with its secret"),
        new SecretShapeRule(SecretShapes.PrivateKey, "A private key is in the image", "a private key"),
        new SecretShapeRule(SecretShapes.RegistryLogin, "A registry log-in is in the image", "docker's log-in to a "
            + "registry"),
        new SecretShapeRule(SecretShapes.CredentialFile, "A file of credentials is in the image", "credentials, by "
            + "its name and content"),
    ];

    private static readonly LeakScanner Shapes = new(Array.Empty<KnownSecret>());

    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Layers[i] is not { } layer || !image.IsAdded(image.Image.Layers[i]))
                continue;
            foreach (var shape in layer.Shapes.Where(shape => shape.Code == Code))
            {
                var path = layer.Entries[shape.Entry].Path;
                yield return Found(
                    $"'{DisplayText.Name(path)}' of {image.NameOf(i)} holds {what}. Whoever can pull the image has "
                        + "it. Take it out; or, "
                    + $"if it is no secret, <LambdaVerifyAllow>$(LambdaVerifyAllow);{Code}:{DisplayText.Name(path)}</LambdaVerifyAllow>.",
                    path, i);
            }
        }

        foreach (var (place, text) in ImageTexts.Of(image.Image))
        {
            if (Shapes.Find(Encoding.UTF8.GetBytes(text)).Any(leak => leak.Code == Code))
                yield return Found($"{place} holds {what}. Whoever can pull the image has it. Take it out.");
        }
    }
}
