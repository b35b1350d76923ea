using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Packing.Rootfs;
using LambdaLayers.Containers.Core.Verification.Leaks;

namespace LambdaLayers.Containers.Core.Verification.Inspection;

/// <summary>
/// Finds out what is in an image's layers. What was read once is in the cache under the layer's digest, so that a layer
/// is read again only to look for a credential that was not looked for before.
/// </summary>
/// <param name="cache">Keeps the records.</param>
/// <param name="openAsync">Opens a layer's blob, seekable; null for one that is not at hand, and is not to be
/// fetched.</param>
/// <param name="secrets">Credentials in use.</param>
internal sealed class InspectImage(
    ContentCache cache, Func<Layer, CancellationToken, Task<Stream?>> openAsync, IReadOnlyList<KnownSecret> secrets)
{
    private const string Mapping = "content";
    private const int Longest = 32 << 20;

    private readonly List<KnownSecret> _secrets = [.. secrets.Where(LeakScanner.CanBeTold)];

    /// <summary>Whether something is recorded of the layer.</summary>
    public static bool IsKnown(ContentCache cache, Layer layer) => File.Exists(cache.Paths.Mapping(Mapping,
        KeyOf(layer.Digest)));

    /// <summary>What is in each layer, bottom first; null for one that is not at hand.</summary>
    /// <param name="image">The image.</param>
    /// <param name="isSearched">Whether a layer is to be searched for the credentials in use.</param>
    /// <param name="leaked">Takes a credential that a layer holds, with the layer's index.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IReadOnlyList<LayerContent?>> RunAsync(
        Image image, Func<Layer, bool> isSearched, Action<int, LayerContent, int, Leak> leaked,
            CancellationToken cancellationToken)
    {
        var contents = new LayerContent?[image.Layers.Count];
        await Parallel.ForAsync(
            0, contents.Length,
            new ParallelOptions
            {
                CancellationToken = cancellationToken,
                MaxDegreeOfParallelism = Environment.ProcessorCount
            },
            async (i, token) => contents[i] = await InspectAsync(
                image.Layers[i], isSearched(image.Layers[i]), (content, entry, leak) => leaked(i, content, entry,
                    leak), token));
        return contents;
    }

    /// <summary>The content of one entry of a layer; null when the layer is not at hand.</summary>
    public async Task<byte[]?> ReadAsync(Layer layer, int ordinal, CancellationToken cancellationToken)
    {
        var blob = BlobOf(layer);
        if (await openAsync(layer, cancellationToken) is not { } stream)
            return null;
        await stream.DisposeAsync();
        return await Unpacking.ReadAsync(
            blob,
            async tar =>
            {
                for (var i = 0; await tar.NextAsync(cancellationToken) is { } entry; i++)
                {
                    if (i != ordinal)
                        continue;
                    var bytes = new byte[Math.Min(entry.Size, Longest)];
                    await tar.ReadHeadAsync(bytes, cancellationToken);
                    return bytes;
                }

                return null;
            },
            stream => stream,
            cancellationToken);
    }

    private async Task<LayerContent?> InspectAsync(
        Layer layer, bool isSearched, Action<LayerContent, int, Leak> leaked, CancellationToken cancellationToken)
    {
        var key = KeyOf(layer.Digest);
        var known = await cache.TryReadMappingAsync(Mapping, key, InspectionJson.Default.LayerContent,
            cancellationToken);
        // What was here before a token was issued cannot hold it.
        var wanted = !isSearched ? [] : known is null ? _secrets : [.. _secrets.Where(secret => !secret.IsNew
            && !IsCleared(known, layer, secret))];
        if (known is not null && wanted.Count == 0)
            return known;
        if (await openAsync(layer, cancellationToken) is not { } stream)
            return known;
        await stream.DisposeAsync();
        var leaks = new List<(int Entry, Leak Leak)>();
        var content = await Task.Run(
            () => new ReadLayer(new LeakScanner(wanted)).RunAsync(BlobOf(layer), (entry, leak) => leaks.Add((entry,
                leak)), cancellationToken),
            cancellationToken);
        var cleared = wanted.Where(secret => !leaks.Exists(found => found.Leak.Secret == secret))
            .Select(secret => SecretFingerprint.Of(secret, layer.Digest)).OfType<string>();
        content = content with { Cleared = [.. (known?.Cleared ?? []).Concat(cleared).Distinct()] };
        await cache.WriteMappingAsync(Mapping, key, content, InspectionJson.Default.LayerContent, cancellationToken);
        leaks.ForEach(leak => leaked(content, leak.Entry, leak.Leak));
        return content;
    }

    private ImageLayerBlob BlobOf(Layer layer) => new(
        layer.Descriptor, layer.DiffId,
        async token => await openAsync(layer, token) ?? throw new IOException($"The layer {layer.Digest.Short} is "
            + "gone."));

    private static bool IsCleared(LayerContent known, Layer layer, KnownSecret secret) =>
        SecretFingerprint.Of(secret, layer.Digest) is { } fingerprint && known.Cleared.Contains(fingerprint, StringComparer.Ordinal);

    private static Digest KeyOf(Digest layer) => Digest.Of(Encoding.UTF8.GetBytes($"{LayerContent.Version}\n{layer}"));
}
