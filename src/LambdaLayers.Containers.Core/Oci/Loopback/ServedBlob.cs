using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Loopback;

/// <summary>A blob that the loopback registry can serve; its bytes may only come to be when somebody asks.</summary>
/// <param name="Digest">Of the bytes.</param>
/// <param name="Size">Exact length in bytes.</param>
/// <param name="OpenAsync">Opens the bytes; verified, may be called again.</param>
internal sealed record ServedBlob(Digest Digest, long Size, Func<CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>A blob held in memory.</summary>
    public static ServedBlob InMemory(byte[] content) =>
        new(Digest.Of(content), content.Length, _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false)));
}
