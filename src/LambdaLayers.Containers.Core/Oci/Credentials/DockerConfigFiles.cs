namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>Where docker and podman keep log-ins, in the order in which we look.</summary>
internal static class DockerConfigFiles
{
    /// <summary>
    /// REGISTRY_AUTH_FILE (podman's; whoever sets it means it), then docker's config.json in DOCKER_CONFIG or
    /// ~/.docker,
    /// then podman's auth.json for this session and for this user.
    /// </summary>
    public static IReadOnlyList<string> Paths(Func<string, string?> environment)
    {
        var home = Set("HOME") ?? Set("USERPROFILE") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var files = new List<string>();
        if (Set("REGISTRY_AUTH_FILE") is { } explicitFile)
            files.Add(explicitFile);
        files.Add(Path.Combine(Set("DOCKER_CONFIG") ?? Path.Combine(home, ".docker"), "config.json"));
        if (Set("XDG_RUNTIME_DIR") is { } session)
            files.Add(Path.Combine(session, "containers", "auth.json"));
        files.Add(Path.Combine(Set("XDG_CONFIG_HOME") ?? Path.Combine(home, ".config"), "containers", "auth.json"));
        return files;

        string? Set(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>A source for each file.</summary>
    public static IReadOnlyList<DockerConfigSource> Sources(Func<string, string?> environment, CredentialHelper helper) =>
        [.. Paths(environment).Distinct(StringComparer.Ordinal).Select(x => new DockerConfigSource(x, helper))];
}
