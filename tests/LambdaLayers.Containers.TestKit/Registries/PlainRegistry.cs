namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>A real, anonymous docker-registry behind a proxy that counts what goes through.</summary>
public sealed class PlainRegistry : IAsyncDisposable
{
    private readonly RegistryProcess _process;

    private PlainRegistry(RegistryProcess process, CountingProxy proxy)
    {
        _process = process;
        Proxy = proxy;
    }

    /// <summary>Requests, and the place to put faults in.</summary>
    public CountingProxy Proxy { get; }

    /// <summary>"localhost:PORT"</summary>
    public string Host => Proxy.Host;

    /// <summary>The registry itself, past the proxy: what a test does there is not counted.</summary>
    public Uri Uncounted => _process.Url;

    public IReadOnlyList<ProxiedRequest> Requests => Proxy.Requests;

    public static async Task<PlainRegistry> StartAsync(string extraConfig = "")
    {
        var process = await RegistryProcess.StartAsync(extraConfig);
        return new PlainRegistry(process, await CountingProxy.StartAsync(process.Url));
    }

    /// <summary>Forgets the requests so far.</summary>
    public void Clear() => Proxy.Clear();

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
        await Proxy.DisposeAsync();
        await _process.DisposeAsync();
    }

    private IEnumerable<ProxiedRequest> Uploads(string? repository) =>
        Requests.Where(r => r.IsBlobUpload && (repository is null || r.Repository == repository));
}
