using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.Core.Verification.Inspection;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using MediaTypes = LambdaLayers.Containers.Core.Oci.MediaTypes;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>An image made by hand, on AWS's base as the test kit makes it, and what verification says of it.</summary>
internal sealed record TestImage
{
    // Made once for all images: its layers are most of the work of a test.
    private static readonly ConcurrentDictionary<(string Architecture, bool IsDotnet), IReadOnlyList<SyntheticLayer>> AwsLayers = [];

    /// <summary>The layers on top of the base, from the lowest up.</summary>
    public IReadOnlyList<SyntheticLayer> Layers { get; init; } = [];

    public string Architecture { get; init; } = "amd64";

    public ImageFamily Family { get; init; } = ImageFamily.Docker;

    /// <summary>The layers of the base image; null for those of an AWS base image.</summary>
    public IReadOnlyList<SyntheticLayer>? Base { get; init; }

    /// <summary>Whether the base is <c>dotnet:N</c>, else <c>provided</c>.</summary>
    public bool IsDotnet { get; init; } = true;

    /// <summary>Changes the config's <c>config</c> object.</summary>
    public Action<JsonObject>? Change { get; init; }

    /// <summary>Changes the whole config.</summary>
    public Action<JsonObject>? ChangeConfig { get; init; }

    /// <summary>Changes the manifest.</summary>
    public Action<JsonObject>? ChangeManifest { get; init; }

    /// <summary>Changes what verification is asked.</summary>
    public Func<VerificationRequest, VerificationRequest> Request { get; init; } = request => request;

    public FunctionSettings? Function { get; init; }

    public IReadOnlyList<KnownSecret> Secrets { get; init; } = [];

    public VerificationOptions Options { get; init; } = new();

    /// <summary>The blob of a layer as it is stored, where that is not the plain gzip.</summary>
    public IReadOnlyDictionary<int, byte[]> Blobs { get; init; } = new Dictionary<int, byte[]>();

    /// <summary>An image with one more layer that holds these files.</summary>
    public TestImage With(Action<LayerTar> fill) => this with { Layers = [.. Layers, SyntheticLayer.Create(fill)] };

    /// <summary>What is found, as codes, each once.</summary>
    public async Task<IReadOnlyList<string>> CodesAsync() =>
        [.. (await VerifyAsync()).Select(finding => finding.Rule.Code).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What is found under a code; fails when nothing is.</summary>
    public async Task<Finding> FindAsync(string code)
    {
        var findings = await VerifyAsync();
        var found = findings.FirstOrDefault(finding => finding.Rule.Code == code);
        Assert.That(found, Is.Not.Null, $"{code} is not among: "
            + $"{string.Join('\n', findings.Select(f => f.Diagnostic.Code + ": " + f.Message))}");
        return found!;
    }

    public async Task<IReadOnlyList<Finding>> VerifyAsync()
    {
        using var root = new TempRoot();
        return await VerifyAsync(new ContentCache(new CachePaths(root.Path)));
    }

    public Task<IReadOnlyList<Finding>> VerifyAsync(ContentCache cache, Action<Layer>? opened = null)
    {
        var image = Build(out var blobs);
        var request = new VerificationRequest(image, (layer, _) =>
        {
            opened?.Invoke(layer);
            return Task.FromResult<Stream?>(new MemoryStream(blobs[layer.Digest], writable: false));
        })
        {
            Function = Function,
        };
        return new VerifyImage(cache, Secrets, Options, new RecordingLog()).RunAsync(Request(request), default);
    }

    /// <summary>The image, its layers without files and as large as is said: sizes that no test can have.</summary>
    /// <param name="tarSize">Unpacked bytes of a layer, by its index.</param>
    public InspectedImage Inspect(Func<int, long> tarSize)
    {
        var image = Build(out _);
        return new InspectedImage(
            image,
            [.. image.Layers.Select((_, i) => new LayerContent([]) { TarSize = tarSize(i) })],
            new FileTree((_, _, _) => Task.FromResult<byte[]?>(null)));
    }

    /// <summary>The image itself.</summary>
    public Image Build(out Dictionary<Digest, byte[]> blobs)
    {
        var aws = AwsLayers.GetOrAdd(
            (Architecture, IsDotnet), key => SyntheticBase.Documented(key.Architecture, ImageFamily.Docker, key.IsDotnet).Layers);
        var layers = (Base ?? aws).Concat(Layers).ToList();
        var run = SyntheticBase.RunConfig(IsDotnet);
        Change?.Invoke(run);
        var made = new SyntheticImage(Family, Architecture, run, layers);
        var configJson = JsonNode.Parse(made.Config.Span)!.AsObject();
        ChangeConfig?.Invoke(configJson);
        var config = ImageConfig.Parse(OciJson.Write(configJson));
        var manifestJson = JsonNode.Parse(made.Manifest.Span)!.AsObject();
        manifestJson["config"]!["digest"] = config.Digest.ToString();
        manifestJson["config"]!["size"] = config.Bytes.Length;
        var bytes = layers.Select((layer, i) => Blobs.GetValueOrDefault(i, layer.Blob.ToArray())).ToList();
        for (var i = 0; i < layers.Count; i++)
        {
            manifestJson["layers"]![i]!["digest"] = Digest.Of(bytes[i]).ToString();
            manifestJson["layers"]![i]!["size"] = bytes[i].Length;
        }

        ChangeManifest?.Invoke(manifestJson);
        var manifest = ImageManifest.Parse(
            OciJson.Write(manifestJson), manifestJson["mediaType"]?.GetValue<string>() ?? MediaTypes.OciManifest);
        blobs = bytes.GroupBy(b => Digest.Of(b)).ToDictionary(b => b.Key, b => b.First());
        var count = Base?.Count ?? layers.Count - Layers.Count;
        var all = blobs;
        return new Image(manifest, config,
        [
            .. manifest.Layers.Select((blob, i) => new Layer(
                blob, config.DiffIds[i],
                i < count ? new LayerOrigin("base") { Image = ImageReference.Parse("example.com/base:1") }
                    : new LayerOrigin($"layer-{i - count}"),
                _ => Task.FromResult<Stream>(new MemoryStream(all[blob.Digest], writable: false)))),
        ]);
    }
}
