using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Layers;

/// <summary>A server with one file, whatever the query.</summary>
internal sealed class ServedZip : IDisposable
{
    private readonly FakeServer _server;

    public ServedZip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Sha256 = Digest.Of(bytes).Hex;
        _server = FakeServer.Start(async (_, response) =>
        {
            response.ContentLength = bytes.Length;
            await response.Body.WriteAsync(bytes);
        });
    }

    /// <summary>In hexadecimal.</summary>
    public string Sha256 { get; }

    public string Url => new Uri(_server.Address, "layer.zip").AbsoluteUri;

    /// <summary>How many there were.</summary>
    public int Requests => _server.Requests.Count;

    /// <summary>A restore of it as the only layer; the digest of that layer.</summary>
    public async Task<Digest> RestoreAsync(string cache, string lockFile)
    {
        using var engine = new Engine(new EngineOptions(cache, _ => null) { LockFile = lockFile }, new RecordingLog());
        var folder = Path.GetDirectoryName(lockFile)!;
        var item = LayerItemParser.Parse(new ItemOrigin(Url), folder, name => name == "Sha256" ? Sha256 : "");
        var restored = await engine.RestoreAsync([item], [Platform.LinuxAmd64], RestoreMode.Restore, CancellationToken.None);
        return restored.Layers.Single().Layer.Digest;
    }

    public void Dispose() => _server.Dispose();
}
