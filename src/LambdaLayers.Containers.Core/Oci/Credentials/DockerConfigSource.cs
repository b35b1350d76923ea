using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// One file of docker's or podman's log-ins (https://docs.docker.com/reference/cli/docker/login/#credential-stores). As
/// in
/// docker: the registry's own helper (<c>credHelpers</c>) first, then the general one (<c>credsStore</c>), then
/// <c>auths</c>. Read when first asked; a missing file knows nothing.
/// </summary>
internal sealed class DockerConfigSource(string path, CredentialHelper helper) : ICredentialSource
{
    private const int MaximumBytes = 4 << 20;

    private string? _missingStore;

    public string Name => _missingStore is null ? path : $"{path}, whose helper '{_missingStore}' is not on the PATH";

    public async Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken)
    {
        try
        {
            if (Read() is not { } json)
                return null;
            return await FromHelpersAsync(json, scope, cancellationToken) ?? FromAuths(json, scope);
        }
        catch (FormatException e)
        {
            throw CredentialErrors.CredentialFileUnreadable(path, e.Message, e);
        }
    }

    /// <summary>
    /// The secrets that the file itself has, for whichever registries; what helpers keep is not asked for. A file that cannot
    /// be used has none.
    /// </summary>
    public IReadOnlyList<KnownSecret> Secrets()
    {
        try
        {
            var file = new FileInfo(path);
            var auths = Read() is { } json ? OciJson.Object(json, "auths") ?? [] : [];
            return
            [
                .. from auth in auths
                   where auth.Value is JsonObject
                   let found = DockerAuthEntry.Read((JsonObject)auth.Value!, new CredentialScope(auth.Key, CredentialPurpose.Pull), Name)
                   where found is not null
                   from secret in found.Secrets
                   select new KnownSecret(secret, $"the log-in to {Diagnostics.DisplayText.Name(auth.Key)} of '{path}'")
                   {
                       Stamp = $"{path} {file.LastWriteTimeUtc.Ticks} {file.Length} {auth.Key}",
                   },
            ];
        }
        catch (Exception e) when (e is FormatException or Diagnostics.LayersException)
        {
            return [];
        }
    }

    private async Task<Credential?> FromHelpersAsync(
        JsonObject json, CredentialScope scope, CancellationToken cancellationToken)
    {
        var own = OciJson.StringMap(OciJson.Object(json, "credHelpers"));
        var keys = DockerConfigKeys.For(scope.Registry);
        foreach (var key in keys)
        {
            var name = own.FirstOrDefault(x => x.Key == key || DockerConfigKeys.Means(x.Key, key)).Value;
            // A helper named for this registry alone has the last word about it, but nothing else in the file is lost.
            if (name is not null && await helper.GetAsync(name, key, path, scope, cancellationToken) is { } credential)
                return credential;
        }

        if (OciJson.String(json, "credsStore") is not { Length: > 0 } store)
            return null;
        // Docker Desktop writes its helper into files that CI, WSL and dev containers share: that must not stop
        // anonymous pulls.
        if (!helper.Exists(store))
        {
            _missingStore = CredentialHelper.ProgramOf(store);
            return null;
        }

        foreach (var key in keys)
            if (await helper.GetAsync(store, key, path, scope, cancellationToken) is { } credential)
                return credential;
        return null;
    }

    private Credential? FromAuths(JsonObject json, CredentialScope scope)
    {
        var auths = OciJson.Object(json, "auths") ?? [];
        foreach (var key in DockerConfigKeys.For(scope.Registry))
        {
            var entry = auths[key] ?? auths.FirstOrDefault(x => DockerConfigKeys.Means(x.Key, key)).Value;
            if (entry is JsonObject found && DockerAuthEntry.Read(found, scope, $"'{path}'") is { } credential)
                return credential;
        }

        return null;
    }

    private JsonObject? Read()
    {
        try
        {
            if (!File.Exists(path))
                return null;
            var bytes = RegularFile.ReadAll(path, MaximumBytes);
            return bytes.Length == 0 ? null : OciJson.ReadObject(bytes);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw CredentialErrors.CredentialFileUnreadable(path, e.Message, e);
        }
    }
}
