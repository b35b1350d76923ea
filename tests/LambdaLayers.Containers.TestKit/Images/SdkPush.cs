using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Sbom;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Staging;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>
/// What the .NET SDK pushes for one image, made by hand with everything in it that differs between its runs: times of now in
/// the config, PAX headers with times, and the modes that the files happen to have.
/// </summary>
internal sealed record SdkPush(Image Base)
{
    private const string CreatedBy = ".NET SDK, version 10.0.401";

    /// <summary>The time of this run.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Takes the order, times and modes of the files.</summary>
    public Random Random { get; init; } = new(1);

    /// <summary>The application's files, by path from the image's root.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>
    {
        ["var/task/Fn.dll"] = "the function",
        ["var/task/Fn.runtimeconfig.json"] = "{}",
        ["var/task/sub/data.txt"] = "data",
    };

    /// <summary>Labels beside the two of the time.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables beside those of the base.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Layers between the base and the application.</summary>
    public IReadOnlyList<SyntheticLayer> Between { get; init; } = [];

    /// <summary>The compressed application layer.</summary>
    public SyntheticLayer Application => SyntheticLayer.FromTar(Tar());

    /// <summary>What both tasks of a publish do, with the SDK's part between them.</summary>
    /// <param name="change">Makes the SDK's part another one.</param>
    public static async Task<PublishedImages> PublishAsync(
        Engine engine,
        VirtualBaseRequest request,
        PublishDestination destination,
        Func<SdkPush, SdkPush>? change = null,
        SbomSettings? sbom = null,
        CancellationToken cancellationToken = default)
    {
        using var staging = await engine.StageBaseAsync(request, cancellationToken);
        var push = new SdkPush(staging.Base.Images[0]);
        ImageManifest manifest;
        try
        {
            manifest = await (change?.Invoke(push) ?? push).PushAsync(staging);
        }
        catch (Exception e) when (staging.Failure is { } failure && e is not LayersException)
        {
            // The SDK has told its own error by then; ours comes after it.
            throw failure;
        }

        return await engine.PublishAsync(
            staging, [manifest], new FinishSettings { Function = request.Function }, destination, sbom, cancellationToken);
    }

    /// <summary>Uploads blobs and manifest as the SDK does, and gives the manifest that its task puts out.</summary>
    public async Task<ImageManifest> PushAsync(StagingRegistry staging)
    {
        var application = Application;
        var config = Config(application);
        var manifest = Manifest(application, config);
        using var pusher = new RegistryPusher(new Uri($"http://{staging.Host}/"));
        foreach (var blob in Between.Append(application).Select(layer => layer.Blob).Append(config))
            await pusher.PushBlobAsync("fn", blob);
        await pusher.PushManifestAsync("fn", "1", manifest.MediaType, manifest.Bytes);
        return manifest;
    }

    /// <summary>The manifest, without pushing anything.</summary>
    public ImageManifest Manifest(SyntheticLayer application, byte[] config)
    {
        var json = JsonNode.Parse(Base.Manifest.Bytes.Span)!.AsObject();
        foreach (var layer in Between.Append(application))
        {
            json["layers"]!.AsArray().Add((JsonNode)new JsonObject
            {
                ["mediaType"] = LambdaLayers.Containers.Core.Oci.MediaTypes.In(
                    Base.Manifest.Family, "application/vnd.oci.image.layer.v1.tar+gzip"),
                ["digest"] = layer.Digest,
                ["size"] = layer.Blob.Length,
            });
        }

        json["config"]!["digest"] = Digest.Of(config).ToString();
        json["config"]!["size"] = config.Length;
        return ImageManifest.Parse(JsonSerializer.SerializeToUtf8Bytes(json), Base.Manifest.MediaType);
    }

    /// <summary>The config: the base's, with times of now.</summary>
    public byte[] Config(SyntheticLayer application)
    {
        var json = JsonNode.Parse(Base.Config.Bytes.Span)!.AsObject();
        var now = Now.ToString("O");
        json["created"] = now;
        var run = json["config"]!.AsObject();
        run["WorkingDir"] = "/var/task/";
        run["User"] = "app";
        var labels = run["Labels"]?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in Labels)
            labels[name] = value;
        labels["org.opencontainers.image.created"] = now;
        labels["org.opencontainers.artifact.created"] = now;
        run["Labels"] = labels;
        var variables = run["Env"]?.DeepClone().AsArray() ?? [];
        foreach (var variable in Environment)
            variables.Add((JsonNode)variable);
        run["Env"] = variables;
        json["history"] ??= new JsonArray();
        foreach (var layer in Between.Append(application))
        {
            json["rootfs"]!["diff_ids"]!.AsArray().Add((JsonNode)layer.DiffId);
            json["history"]!.AsArray().Add((JsonNode)new JsonObject { ["created"] = now, ["created_by"] = CreatedBy });
        }

        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private byte[] Tar()
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var folder in Files.Keys.Select(Parent).Distinct())
                writer.WriteEntry(Entry(TarEntryType.Directory, folder));
            foreach (var (path, content) in Files.OrderBy(_ => Random.Next()))
            {
                var entry = Entry(TarEntryType.RegularFile, path);
                entry.DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
                writer.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    // System.Formats.Tar adds access and change times of its own to what the entry says.
    private PaxTarEntry Entry(TarEntryType type, string name) => new(type, name)
    {
        ModificationTime = Now.AddSeconds(-Random.Next(1_000_000)),
        Mode = (type == TarEntryType.Directory ? (UnixFileMode)0b111_000_000 : (UnixFileMode)0b110_000_000)
            | (UnixFileMode)Random.Next(0b111_111),
    };
}
