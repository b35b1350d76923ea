using System.Collections.Concurrent;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Verification.Inspection;
using LambdaLayers.Containers.Core.Verification.Rules;

namespace LambdaLayers.Containers.Core.Verification;

/// <summary>Runs every rule over images, and says everything that was found at once.</summary>
/// <param name="cache">Keeps what is in layers.</param>
/// <param name="secrets">Credentials in use, which no image may hold.</param>
/// <param name="options">What the project says.</param>
/// <param name="log">Hears what could not be looked at.</param>
internal sealed class VerifyImage(
    ContentCache cache, IReadOnlyList<KnownSecret> secrets, VerificationOptions options, IEngineLog log)
{
    /// <summary>What is wrong with one image, worst first.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(VerificationRequest request, CancellationToken cancellationToken)
    {
        var known = new KnownFindings(cache, secrets);
        var findings = await known.TryReadAsync(request, cancellationToken);
        if (findings is null)
        {
            findings = await FindAsync(request, cancellationToken);
            // After it, for by now more layers are known.
            await known.WriteAsync(request, findings, cancellationToken);
        }

        var layers = request.Image.Layers;
        return
        [
            .. findings.Select(finding => finding with { Item = finding.Layer is { } layer
                ? layers[layer].Origin.Item : null })
                .Select(options.Apply).OfType<Finding>()
                .OrderByDescending(f => f.Severity).ThenBy(f => f.Rule.Code,
                    StringComparer.Ordinal).ThenBy(f => f.Path, StringComparer.Ordinal),
        ];
    }

    private async Task<IReadOnlyList<Finding>> FindAsync(VerificationRequest request,
        CancellationToken cancellationToken)
    {
        var leaks = new ConcurrentBag<Finding>();
        var image = request.Image;
        var inspect = new InspectImage(cache, request.OpenAsync, secrets);
        var contents = await inspect.RunAsync(
            image, request.IsAdded,
            (layer, content, entry, leak) => leaks.Add(LiveCredentialRule.InFile(image, layer,
                content.Entries[entry].Path, leak)),
            cancellationToken);
        var files = new FileTree((layer, ordinal, token) => inspect.ReadAsync(image.Layers[layer], ordinal, token));
        for (var i = 0; i < contents.Count; i++)
        {
            if (files.Add(contents[i]) is { } problem)
                contents = [.. contents.Select((content, at) => at == i ? content! with { Problem = problem }
                    : content)];
        }

        var inspected = new InspectedImage(image, contents, files)
        {
            Function = request.Function,
            IsRun = request.IsRun,
            HasBase = request.HasBase,
            Index = request.Index,
            HasManifest = request.HasManifest,
            IsAdded = request.IsAdded,
        };
        Explain(inspected);
        var findings = leaks.Concat(LiveCredentialRule.InDocuments(image, secrets)).ToList();
        foreach (var rule in AllRules.List)
            findings.AddRange(await rule.CheckAsync(inspected, cancellationToken));
        return findings;
    }

    private void Explain(InspectedImage image)
    {
        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Layers[i] is null)
            {
                log.Low($"{image.NameOf(i)} was not verified, because its content is not on this machine. "
                    + "`dotnet msbuild -t:VerifyLambdaImage` looks at every layer of a published image.");
            }
        }
    }
}

/// <summary>An image to verify.</summary>
/// <param name="Image">The image.</param>
/// <param name="OpenAsync">Opens a layer's blob, seekable; null for one that is not at hand, and is not to be
/// fetched.</param>
internal sealed record VerificationRequest(Image Image, Func<Layer, CancellationToken, Task<Stream?>> OpenAsync)
{
    /// <inheritdoc cref="InspectedImage.Function"/>
    public FunctionSettings? Function { get; init; }

    /// <inheritdoc cref="InspectedImage.IsRun"/>
    public bool IsRun { get; init; } = true;

    /// <inheritdoc cref="InspectedImage.HasBase"/>
    public bool HasBase { get; init; } = true;

    /// <inheritdoc cref="InspectedImage.Index"/>
    public ImageIndex? Index { get; init; }

    /// <inheritdoc cref="InspectedImage.HasManifest"/>
    public bool HasManifest { get; init; } = true;

    /// <inheritdoc cref="InspectedImage.IsAdded"/>
    public Func<Layer, bool> IsAdded { get; init; } = static _ => true;
}
