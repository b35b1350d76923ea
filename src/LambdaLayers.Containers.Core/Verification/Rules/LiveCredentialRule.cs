using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Verification.Leaks;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Credentials that are in use on this machine, in what is about to be published: AWS's keys and tokens, passwords for
/// registries. Whoever can pull the image would have them. A message names the place, never the secret.
/// </summary>
internal sealed class LiveCredentialRule() : ImageRule(
    AllowedFile.OnlyByName, RuleSeverity.Error, "A credential in use is in the image", Sources.Secrets)
{
    /// <summary>What was found in a file while its layer was read.</summary>
    public static Finding InFile(Image image, int layer, string path, Leak leak) => new LiveCredentialRule().Found(
        $"'{DisplayText.Name(path)}' of layer {layer + 1} of {image.Layers.Count} ({image.Layers[layer].Origin.Name}, "
        + $"{image.Layers[layer].Digest.Short}) holds {leak.Secret!.Source}. {Remedy}",
        path, layer);

    /// <summary>
    /// Looks into the config and the manifest: variables, labels, history, command, and whatever else is there.
    /// </summary>
    public static IEnumerable<Finding> InDocuments(Image image, IReadOnlyList<KnownSecret> secrets)
    {
        var scanner = new LeakScanner(secrets, shapes: false);
        if (scanner.IsIdle)
            yield break;
        var told = new HashSet<KnownSecret>();
        foreach (var (place, text) in ImageTexts.Of(image))
        {
            foreach (var leak in scanner.Find(Encoding.UTF8.GetBytes(text)))
            {
                told.Add(leak.Secret!);
                yield return new LiveCredentialRule().Found($"{place} holds {leak.Secret!.Source}. {Remedy}");
            }
        }

        // Members that nothing above knows of.
        foreach (var (place, bytes) in ((string, ReadOnlyMemory<byte>)[])[("The image's "
            + "config", image.Config.Bytes), ("The image's manifest", image.Manifest.Bytes)])
        {
            foreach (var leak in scanner.Find(bytes.Span).Where(leak => told.Add(leak.Secret!)))
                yield return new LiveCredentialRule().Found($"{place} holds {leak.Secret!.Source}. {Remedy}");
        }
    }

    private const string Remedy =
        "Take it out of what is published, and let the function have it at run time, by its role or from Secrets Manager. "
        + "If it has been published before, replace it: it is in that image for good.";
}
