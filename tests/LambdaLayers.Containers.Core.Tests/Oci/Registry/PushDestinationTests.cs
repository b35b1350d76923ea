using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>
/// Every kind of registry, and everything that goes wrong with one: an image and its bill of materials are pushed, then read
/// back by skopeo, where it is installed, and by the kit; and pushed again, which sends nothing.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable]
public sealed class PushDestinationTests : IDisposable
{
    private const string Repository = "team/app";
    private const string Name = "registry.test";
    private static readonly HttpPolicy Hasty = new() { FirstDelay = TimeSpan.FromMilliseconds(1) };
    private readonly TestCertificates _certificates = new();
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly RecordingLog _log = new();
    private readonly TempRoot _root = new();
    private AwsEnvironment? _environment;
    private AwsClients? _clients;

    private static readonly Dictionary<string, Func<PushDestinationTests, Task<Destination>>> Destinations = new()
    {
        ["docker-registry"] = t => t.PlainAsync(RegistryKind.Docker),
        ["htpasswd"] = t => t.GuardedAsync(RegistryKind.Embedded, new RegistryGuard { Htpasswd = true }),
        ["htpasswd of docker-registry"] = t => t.GuardedAsync(RegistryKind.Docker, new RegistryGuard { Htpasswd = true }),
        ["token service"] = t => t.TokensAsync(RegistryKind.Embedded),
        ["token service of docker-registry"] = t => t.TokensAsync(RegistryKind.Docker),
        ["TLS without a log-in"] = t => t.GuardedAsync(RegistryKind.Embedded, new RegistryGuard()),
        ["ECR"] = t => t.EcrAsync(),
        ["uploads to another host"] = t => t.OtherHostAsync(),
        ["uploads redirected"] = t => t.EmbeddedAsync(RedirectsUploads),
        ["201 for PATCH, no whole PUT"] = t => t.EmbeddedAsync(registry =>
        {
            registry.ChunkStatus = 201;
            registry.Interfere = RefusesWholePut;
        }),
        ["every third request fails"] = t => t.EmbeddedAsync(registry => registry.Interfere = FailsEveryThird()),
        ["cut in the middle of a blob"] = t => t.EmbeddedAsync(registry => registry.Faults.Enqueue(new RegistryFault
        {
            When = r => r is { Method: "PUT", IsBlobUpload: true } && r.Headers["Content-Length"].Length > 5,
            Times = 2,
            CutAfter = 100_000,
        })),
        ["no referrers API"] = t => t.EmbeddedAsync(registry => registry.HasReferrers = false),
        ["mounts refused"] = t => t.EmbeddedAsync(registry => registry.Interfere = RefusesMounts),
    };

    private static IEnumerable<string> Names => Destinations.Keys;

    [TestCaseSource(nameof(Names))]
    public async Task What_is_pushed_is_read_back_whole_and_a_second_push_sends_nothing(string destination)
    {
        var place = await Destinations[destination](this);
        // Random, so that nothing compresses it, and so long that a connection can break off within.
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        var test = TestImage.Create(ManifestFamily.Docker, Platform.LinuxAmd64, Convert.ToBase64String(content), "small");
        var image = test.ToImage();
        var sbom = new Referrer(image.Manifest.Descriptor, "application/vnd.cyclonedx+json", "lambda-image.cdx.json", "{}"u8.ToArray());

        var first = await PushAsync(place, image);
        var attached = await AttachAsync(place, sbom);
        var second = await PushAsync(place, image);
        var again = await AttachAsync(place, sbom);

        Assert.That((first.Blobs, second.Blobs, attached, again), Is.EqualTo((3, 0, true, false)));
        var stored = await StoredImage.OpenAsync($"docker://{place.BackDoor.Authority}/{Repository}:1");
        Assert.That(stored.Layers.Select(layer => layer.Digest), Is.EqualTo(image.Layers.Select(layer => layer.Digest.ToString())));
        if (Tools.Find("skopeo") is null)
            return;
        var folder = _root.Folder("copy");
        await Skopeo.CopyAsync($"docker://{place.BackDoor.Authority}/{Repository}:1", $"dir:{folder}");
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(folder, "manifest.json")), Is.EqualTo(image.Manifest.Bytes.ToArray()));
        foreach (var (layer, bytes) in image.Layers.Zip(test.Layers))
            Assert.That(await File.ReadAllBytesAsync(Path.Combine(folder, layer.Digest.Hex)), Is.EqualTo(bytes));
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
    }

    public void Dispose()
    {
        _clients?.Dispose();
        _environment?.Dispose();
        _certificates.Dispose();
        _root.Dispose();
    }

    private async Task<PushResult> PushAsync(Destination place, Image image)
    {
        using var http = place.Http();
        return await new ImagePush(http, Chain(place), new RegistryOptions(), _log)
            .RunAsync([image], null, [ImageReference.Parse($"{place.Registry}/{Repository}:1")], default);
    }

    private async Task<bool> AttachAsync(Destination place, Referrer referrer)
    {
        using var http = place.Http();
        return await new ReferrerPush(http, Chain(place), new RegistryOptions(), _log)
            .RunAsync(referrer, ImageReference.Parse($"{place.Registry}/{Repository}"), default);
    }

    private static CredentialChain Chain(Destination place) =>
        place.Source is null ? CredentialChain.Anonymous : new CredentialChain([place.Source]);

    private T Own<T>(T server)
        where T : IAsyncDisposable
    {
        _servers.Add(server);
        return server;
    }

    private async Task<Destination> PlainAsync(RegistryKind kind)
    {
        var registry = Own(await TestRegistry.StartAsync(kind));
        return new Destination(registry.Host, registry.Uncounted, () => new MappedNetwork().CreateHttp(Hasty, null, _log));
    }

    private async Task<Destination> EmbeddedAsync(Action<EmbeddedRegistry> set)
    {
        var registry = Own(await EmbeddedRegistry.StartAsync());
        set(registry);
        return new Destination(registry.Host, registry.Uncounted, () => new MappedNetwork().CreateHttp(Hasty, null, _log));
    }

    private async Task<Destination> GuardedAsync(RegistryKind kind, RegistryGuard guard, int tokenPort = 1)
    {
        var registry = Own(await TestRegistry.StartAsync(kind, guard with { Certificate = _certificates.Issue(Name) }));
        return new Destination(
            Name, registry.Uncounted,
            () => new MappedNetwork(_certificates).With(Name, registry.Port).With("auth.test", tokenPort).CreateHttp(Hasty, null, _log))
        {
            Source = guard.Htpasswd || guard.Tokens is not null ? FixedCredential.Password(Name, RegistryGuard.Password) : null,
        };
    }

    private async Task<Destination> TokensAsync(RegistryKind kind)
    {
        var tokens = Own(await TokenServer.StartAsync(_certificates.Authority, certificate: _certificates.Issue("auth.test")));
        tokens.Realm = "https://auth.test/token";
        return await GuardedAsync(kind, new RegistryGuard { Tokens = tokens }, tokens.Server.Port);
    }

    // Under its real name, signed in to by a token that the fake ECR has given.
    private async Task<Destination> EcrAsync()
    {
        const string Host = FakeAws.AccountId + ".dkr.ecr.us-east-1.amazonaws.com";
        var aws = Own(await FakeAws.StartAsync());
        aws.Ecr.Add(Repository);
        var registry = Own(await EcrRegistry.StartAsync(aws, guard: new RegistryGuard { Certificate = _certificates.Issue(Host) }));
        // AWSSDK.Core reads the process's own variables.
        _environment = new AwsEnvironment();
        foreach (var (name, value) in aws.Environment())
            _environment.Set(name, value);
        _clients = new AwsClients(new AwsOptions(Environment.GetEnvironmentVariable));
        return new Destination(
            Host, registry.Inner.Uncounted, () =>
                new MappedNetwork(_certificates).With(Host, registry.Inner.Port).CreateHttp(Hasty, null, _log))
        {
            Source = new EcrCredentialSource(new EcrAuthorization(_clients, TimeProvider.System), null, _log),
        };
    }

    // The session lies on a host of its own, as with registries that keep their blobs elsewhere.
    private async Task<Destination> OtherHostAsync()
    {
        var storage = new RegistryStorage();
        var guard = new RegistryGuard { Certificate = _certificates.Issue(Name) };
        var registry = Own(await EmbeddedRegistry.StartAsync(guard, storage));
        var uploads = Own(await EmbeddedRegistry.StartAsync(new RegistryGuard { Certificate = _certificates.Issue("storage.test") },
            storage));
        registry.UploadHost = "https://storage.test";
        return new Destination(
            Name, registry.Uncounted,
            () => new MappedNetwork(_certificates).With(Name, registry.Port).With("storage.test", uploads.Port)
                .CreateHttp(Hasty, null, _log));
    }

    // Each request of an upload is answered once with the same address and a mark.
    private static void RedirectsUploads(EmbeddedRegistry registry) => registry.Interfere = context =>
    {
        if (!IsUpload(context) || context.Request.Query.ContainsKey("moved"))
            return Task.FromResult(false);
        var query = context.Request.QueryString.Add("moved", "1");
        context.Response.StatusCode = 307;
        context.Response.Headers.Location = context.Request.Path + query.ToUriComponent();
        return Task.FromResult(true);
    };

    private static Task<bool> RefusesWholePut(HttpContext context)
    {
        if (!IsUpload(context) || context.Request.Method != "PUT" || context.Request.ContentLength is 0)
            return Task.FromResult(false);
        context.Response.StatusCode = 405;
        return Task.FromResult(true);
    }

    private static Func<HttpContext, Task<bool>> FailsEveryThird()
    {
        var count = 0;
        return context =>
        {
            if (Interlocked.Increment(ref count) % 3 != 0)
                return Task.FromResult(false);
            context.Response.StatusCode = 503;
            return Task.FromResult(true);
        };
    }

    private static Task<bool> RefusesMounts(HttpContext context)
    {
        if (!context.Request.Query.ContainsKey("mount"))
            return Task.FromResult(false);
        context.Response.StatusCode = 405;
        return Task.FromResult(true);
    }

    private static bool IsUpload(HttpContext context) =>
        context.Request.Path.Value!.Contains("/blobs/uploads/", StringComparison.Ordinal);

    /// <summary>A registry as a push sees it.</summary>
    /// <param name="Registry">As in references.</param>
    /// <param name="BackDoor">The same content without log-in and faults.</param>
    /// <param name="Http">A new client.</param>
    private sealed record Destination(string Registry, Uri BackDoor, Func<HttpTransport> Http)
    {
        /// <summary>The log-in; null for none.</summary>
        public ICredentialSource? Source { get; init; }
    }
}
