using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Layers;

/// <summary>A server with one file, whatever the query.</summary>
internal sealed class ServedZip : IDisposable
{
    private readonly FakeServer _server;

    public ServedZip(string path) => _server = FakeServer.Start(async (_, response) =>
    {
        var bytes = await File.ReadAllBytesAsync(path);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes);
    });

    public string Url => new Uri(_server.Address, "layer.zip").AbsoluteUri;

    /// <summary>How many there were.</summary>
    public int Requests => _server.Requests.Count;

    public void Dispose() => _server.Dispose();
}
