namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// What a token is asked for (https://distribution.github.io/distribution/spec/auth/scope/). The registry's own words
/// are kept, since proxies name repositories in their own way, but the rights are ours: <c>pull</c>, and <c>push</c> only
/// for who pushes.
/// </summary>
internal static class TokenScope
{
    /// <summary>
    /// The scopes to ask for; the registry's, or one for <paramref name="repository"/> when it names none.
    /// </summary>
    public static IReadOnlyList<string> For(string? offered, string repository, bool push = false)
    {
        var rights = push ? "pull,push" : "pull";
        var scopes = (offered ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(scope => WithRights(scope, rights)).Distinct().ToList();
        return scopes.Count > 0 ? scopes : [$"repository:{repository}:{rights}"];
    }

    private static string WithRights(string scope, string rights)
    {
        var actions = scope.LastIndexOf(':');
        return scope.StartsWith("repository", StringComparison.Ordinal)
            && actions > scope.IndexOf(':', StringComparison.Ordinal)
            ? scope[..(actions + 1)] + rights
            : scope;
    }
}
