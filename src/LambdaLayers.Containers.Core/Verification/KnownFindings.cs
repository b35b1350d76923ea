using System.Text;
using System.Text.Json.Serialization;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Verification.Inspection;
using LambdaLayers.Containers.Core.Verification.Leaks;
using LambdaLayers.Containers.Core.Verification.Rules;

namespace LambdaLayers.Containers.Core.Verification;

/// <summary>
/// What was found in an image earlier, so that the same image under the same circumstances costs one look into the
/// cache. An image that holds a live credential is not kept.
/// </summary>
internal sealed class KnownFindings(ContentCache cache, IReadOnlyList<KnownSecret> secrets)
{
    private const string Mapping = "verified";

    /// <summary>What was found; null when the image is to be verified.</summary>
    public async Task<IReadOnlyList<Finding>?> TryReadAsync(VerificationRequest request,
        CancellationToken cancellationToken)
    {
        if (KeyOf(request) is not { } key
            || await cache.TryReadMappingAsync(Mapping, key, FindingsJson.Default.FindingRecordArray,
            cancellationToken) is not { } records)
            return null;
        return [.. records.Select(record => new Finding(AllRules.List.First(rule => rule.Code == record.Code),
            record.Severity, record.Message)
        {
            Path = record.Path,
            Layer = record.Layer,
        })];
    }

    /// <summary>Keeps what was found.</summary>
    public async Task WriteAsync(VerificationRequest request, IReadOnlyList<Finding> findings,
        CancellationToken cancellationToken)
    {
        if (KeyOf(request) is not { } key || findings.Any(finding => finding.Rule.Code == AllowedFile.OnlyByName))
            return;
        FindingRecord[] records = [.. findings.Select(f => new FindingRecord(f.Rule.Code, f.Severity, f.Message,
            f.Path, f.Layer))];
        await cache.WriteMappingAsync(Mapping, key, records, FindingsJson.Default.FindingRecordArray,
            cancellationToken);
    }

    // Everything that decides: this very version of the rules, the image, what the project says, which layers are
    // known, and what was searched for. Null when one of the secrets leaves no trace.
    private Digest? KeyOf(VerificationRequest request)
    {
        var image = request.Image;
        var text = new StringBuilder()
            .Append(typeof(AllRules).Module.ModuleVersionId).Append('\n').Append(image.Digest)
            .Append('\n').Append(request.IsRun).Append(request.HasManifest).Append(request.HasBase)
            .Append(request.Index?.Digest).Append('\n').Append(request.Function?.WorkingDirectory)
            .Append('\n').Append(request.Function?.Runtime?.Name).Append('\n');
        foreach (var layer in image.Layers)
            text.Append(InspectImage.IsKnown(cache,
                layer)).Append(request.IsAdded(layer)).Append(layer.Origin.Item is null).Append(layer.Origin.Name).Append('\n');
        foreach (var secret in secrets.Where(secret => !secret.IsNew && LeakScanner.CanBeTold(secret)))
        {
            if (SecretFingerprint.Of(secret, image.Digest) is not { } fingerprint)
                return null;
            text.Append(fingerprint);
        }

        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}

/// <summary>A finding as it is kept.</summary>
internal sealed record FindingRecord(string Code, RuleSeverity Severity, string Message, string? Path, int? Layer);

/// <summary>How findings are written into the cache.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FindingRecord[]))]
internal sealed partial class FindingsJson : JsonSerializerContext;
