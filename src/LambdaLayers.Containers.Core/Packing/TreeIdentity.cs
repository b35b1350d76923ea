using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>One digest over everything in a tree that decides what it packs to.</summary>
internal static class TreeIdentity
{
    public static async Task<Digest> OfAsync(LayerTree tree, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in tree.Entries.OrderBy(e => e.Path, StringComparer.Ordinal))
        {
            Append(hash, entry.Path);
            Append(hash, entry.LinkTarget ?? "");
            Append(hash, [(long)entry.Kind, entry.Mode ?? -1, entry.Modified?.ToUnixTimeSeconds() ?? long.MinValue]);
            if (entry.Open is null)
                continue;
            await using var content = entry.Open();
            hash.AppendData(await SHA256.HashDataAsync(content, cancellationToken));
        }

        return Digest.FromHash(hash.GetHashAndReset());
    }

    // Each text is led by its length, so that no two trees can give the same bytes.
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, [bytes.Length]);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long[] numbers)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
