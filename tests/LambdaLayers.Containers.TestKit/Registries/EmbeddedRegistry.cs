using System.Collections.Concurrent;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// The registry that tests use unless they are about a real one: in this process, with a log of its requests, and with
/// everything that can go wrong on demand.
/// </summary>
public sealed class EmbeddedRegistry : ITestRegistry
{
    private readonly ConcurrentQueue<RegistryRequest> _requests = new();
    private readonly RegistryGuard _guard;
    private readonly bool _ownsStorage;
    private readonly string _basic;
    private string _accepted = "";
    private LoopbackServer _front = null!;
    private LoopbackServer _back = null!;

    private EmbeddedRegistry(RegistryGuard guard, RegistryStorage? storage)
    {
        _guard = guard;
        _basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{RegistryGuard.User}:{guard.OwnPassword}"));
        _ownsStorage = storage is null;
        Storage = storage ?? new RegistryStorage();
        Api = new DistributionApi(Storage);
    }

    public int Port => _front.Port;

    public string Host => $"localhost:{Port}";

    public Uri Uncounted => new(_back.Url);

    public RegistryStorage Storage { get; }

    /// <summary>Every request at the front, in the order of arrival.</summary>
    public IReadOnlyList<RegistryRequest> Requests => [.. _requests];

    /// <summary>The requests that carried an Authorization header.</summary>
    public IReadOnlyList<RegistryRequest> Authorized => [.. _requests.Where(r => r.Authorization is not null)];

    /// <summary>
    /// Sees each request first; true means that it was answered here. For faults and rules that no other property has.
    /// </summary>
    public Func<HttpContext, Task<bool>>? Interfere { get; set; }

    /// <summary>What goes wrong; the first that hits a request decides.</summary>
    public ConcurrentQueue<RegistryFault> Faults { get; } = new();

    /// <summary>Wait before each answer.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>A challenge of the test's own instead of a guard, or null.</summary>
    public string? Challenge { get; set; }

    /// <summary>The one Authorization header that is let in when there is a <see cref="Challenge"/>.</summary>
    public string Accepted
    {
        get => _accepted;
        set
        {
            _accepted = value;
            SecretWatch.AllowHeader(value, IsFront);
        }
    }

    /// <summary>Whether it is the server whose requests are counted.</summary>
    public bool IsFront(LoopbackServer server) => server == _front;

    /// <summary>Blobs are fetched from there (scheme, host and port) after a redirect; null: from here.</summary>
    public string? BlobHost
    {
        get => Api.BlobHost;
        set => Api.BlobHost = value;
    }

    /// <summary>Uploads are sent there (scheme, host and port), as their Location says; null: to here.</summary>
    public string? UploadHost
    {
        get => Api.UploadHost;
        set => Api.UploadHost = value;
    }

    /// <summary>The answer to a PATCH; 202 by the specification.</summary>
    public int ChunkStatus
    {
        get => Api.ChunkStatus;
        set => Api.ChunkStatus = value;
    }

    /// <summary>In which repositories tags never move.</summary>
    public Func<string, bool> ImmutableTags
    {
        get => Api.ImmutableTags;
        set => Api.ImmutableTags = value;
    }

    /// <summary>Whether it has the referrers API; registries of before 1.1 have none.</summary>
    public bool HasReferrers
    {
        get => Api.HasReferrers;
        set => Api.HasReferrers = value;
    }

    private DistributionApi Api { get; }

    /// <param name="guard">Of the front.</param>
    /// <param name="storage">What it holds together with others; null: something of its own.</param>
    public static async Task<EmbeddedRegistry> StartAsync(RegistryGuard? guard = null, RegistryStorage? storage = null)
    {
        var registry = new EmbeddedRegistry(guard ?? new RegistryGuard(), storage);
        registry._front = await LoopbackServer.StartAsync(registry.AnswerAsync, registry._guard.Certificate);
        if (registry._guard.Htpasswd)
            SecretWatch.Allow(registry._guard.OwnPassword, registry.IsFront);
        registry._guard.Tokens?.Trust(registry.IsFront);
        registry._back = await LoopbackServer.StartAsync(new DistributionApi(registry.Storage).AnswerAsync);
        return registry;
    }

    /// <summary>A refusal in the specification's own format.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string code, string message) =>
        DistributionApi.RefuseAsync(context, status, code, message);

    /// <summary>Stores a blob for every repository; its digest.</summary>
    internal Digest AddBlob(byte[] bytes)
    {
        var digest = Digest.Of(bytes);
        Storage.AddBlob(digest.ToString(), bytes);
        return digest;
    }

    /// <summary>Stores bytes under a digest that they need not have.</summary>
    public void AddLie(string digest, byte[] bytes) => Storage.AddBlob(digest, bytes);

    /// <summary>Stores a manifest, whatever it is, under a tag and under its digest.</summary>
    internal Digest AddManifest(string repository, string tag, string mediaType, byte[] bytes)
    {
        Storage.AddManifest(repository, tag, mediaType, bytes);
        return Digest.Of(bytes);
    }

    /// <summary>Forgets the requests so far.</summary>
    public void Clear() => _requests.Clear();

    /// <summary>Bytes of blob content sent to a repository, or to all of them.</summary>
    public long UploadedBytes(string? repository = null) => Uploads(repository).Sum(r => r.RequestBytes);

    /// <summary>Blobs whose upload to a repository was finished; mounts are not uploads.</summary>
    public int UploadedBlobs(string? repository = null) =>
        Uploads(repository).Count(r => r is { Method: "PUT", Status: 201 });

    /// <summary>Blobs downloaded from a repository, or from all of them.</summary>
    public int DownloadedBlobs(string? repository = null) =>
        Requests.Count(r => r.IsBlobDownload && (repository is null || r.Repository == repository));

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _back.DisposeAsync();
        if (_ownsStorage)
            Storage.Dispose();
    }

    private IEnumerable<RegistryRequest> Uploads(string? repository) =>
        Requests.Where(r => r.IsBlobUpload && (repository is null || r.Repository == repository));

    private async Task AnswerAsync(HttpContext context)
    {
        var request = new RegistryRequest(context);
        _requests.Enqueue(request);
        try
        {
            await Task.Delay(Latency, context.RequestAborted);
            var fault = Faults.FirstOrDefault(f => f.Hits(request));
            if ((fault is not null && await fault.ApplyAsync(context, request))
                || (Interfere is not null && await Interfere(context))
                || await ChallengeAsync(context, request))
            {
                return;
            }

            await Api.AnswerAsync(context);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Cut, or the client has gone.
            context.Abort();
        }
        finally
        {
            request.End();
        }
    }

    /// <summary>Whether the request was refused for want of an authorization.</summary>
    private async Task<bool> ChallengeAsync(HttpContext context, RegistryRequest request)
    {
        var challenge = Challenge is not null ? (request.Authorization == Accepted ? null : Challenge)
            : _guard.Htpasswd ? (request.Authorization == _basic ? null : "Basic realm=\"test\"")
            : _guard.Tokens?.Refuse(request);
        if (challenge is null)
            return false;
        context.Response.Headers.WWWAuthenticate = challenge;
        await ErrorAsync(context, 401, "UNAUTHORIZED", "authentication required");
        return true;
    }
}
