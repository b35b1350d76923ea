using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit;

/// <summary>
/// Looks at every request that any server of the kit gets, in every test and story: a secret may be seen only by the servers
/// that it is for. Servers say so themselves (<see cref="Allow"/>) when they begin to take a password or give out a token.
/// </summary>
public static class SecretWatch
{
    // Shorter ones are words that other texts have, too.
    private const int ShortestSecret = 8;

    private static readonly ConcurrentDictionary<string, ConcurrentBag<Func<LoopbackServer, bool>>> Owners = new();
    private static readonly ConcurrentDictionary<(LoopbackServer Server, string What), byte> Seen = new();

    /// <summary>Secrets that came to a server that they are not for, a line each.</summary>
    public static IReadOnlyList<string> Violations => [.. Seen.Keys.Select(seen => seen.What)];

    /// <summary>From now on <paramref name="secret"/> is known, and may come to the servers that <paramref name="isOwner"/> takes.</summary>
    public static void Allow(string? secret, Func<LoopbackServer, bool> isOwner)
    {
        if (secret is { Length: >= ShortestSecret })
            Owners.GetOrAdd(secret, static _ => []).Add(isOwner);
    }

    /// <summary>The secret of an Authorization header, for the server that takes just this header.</summary>
    public static void AllowHeader(string header, Func<LoopbackServer, bool> isOwner) => Allow(SecretOf(header), isOwner);

    /// <summary>Throws for what came to a server that had no business with it; once.</summary>
    public static void Check(LoopbackServer server)
    {
        var mine = Seen.Keys.Where(seen => seen.Server == server && Seen.TryRemove(seen, out _)).Select(seen => seen.What).ToList();
        if (mine.Count > 0)
            throw new InvalidOperationException($"Secrets came to a server that they are not for:\n{string.Join('\n', mine)}");
    }

    internal static void Look(LoopbackServer server, HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (SecretOf(authorization) is { } secret)
            Look(server, request, secret, "Authorization");
        var rest = request.Path.Value + request.QueryString.Value + '\n'
            + string.Join('\n', request.Headers.Where(header => header.Key != "Authorization").Select(header => header.Value.ToString()));
        foreach (var (known, _) in Owners)
        {
            if (rest.Contains(known, StringComparison.Ordinal))
                Look(server, request, known, "address or headers");
        }
    }

    private static void Look(LoopbackServer server, HttpRequest request, string secret, string where)
    {
        if (Owners.TryGetValue(secret, out var owners) && !owners.Any(isOwner => isOwner(server)))
            Seen.TryAdd((server, $"{secret} in the {where} of {request.Method} {server.Url}{request.Path} (Host {request.Host})"), 0);
    }

    private static string? SecretOf(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header) || header.Parameter is not { } parameter)
            return null;
        if (!header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return parameter;
        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
            return parameter;
        var pair = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
