namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// What a token is asked for (https://distribution.github.io/distribution/spec/auth/scope/). The registry's own words
/// are
/// kept, since proxies name repositories in their own way, but rights beyond <c>pull</c> are never asked for.
/// </summary>
internal static class TokenScope
{
    private const string Pull = "pull";

    /// <summary>
    /// The scopes to ask for; the registry's, or pulling from <paramref name="repository"/> when it names none.
    /// </summary>
    public static IReadOnlyList<string> For(string? offered, string repository)
    {
        var scopes = (offered ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Narrow).Distinct().ToList();
        return scopes.Count > 0 ? scopes : [$"repository:{repository}:{Pull}"];
    }

    private static string Narrow(string scope)
    {
        var actions = scope.LastIndexOf(':');
        return scope.StartsWith("repository", StringComparison.Ordinal) && actions > scope.IndexOf(':', StringComparison.Ordinal)
            ? scope[..(actions + 1)] + Pull
            : scope;
    }
}
