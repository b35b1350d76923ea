namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>
/// How the .NET SDK uploads to ECR. It knows ECR by the host's form, and dual-stack hosts have another one: they would
/// get chunks of 64 KB, all layers at once, where ECR wants at least 5 MiB, one after the other.
/// </summary>
internal static class UploadSettings
{
    /// <summary>The SDK's own value for ECR.</summary>
    private const string ChunkSize = "5248080";

    /// <summary>Environment variables for the time of a push; what the user has set is not among them.</summary>
    public static IReadOnlyDictionary<string, string> For(Aws.EcrRegistryHost host, Func<string, string?> environment)
    {
        var settings = new Dictionary<string, string>();
        if (!host.IsDualStack)
            return settings;
        Add("CONTAINER_REGISTRY_CHUNKED_UPLOAD_SIZE_BYTES", ChunkSize);
        Add("CONTAINER_REGISTRY_PARALLEL_UPLOAD", "false");
        return settings;

        void Add(string name, string value)
        {
            if (environment("DOTNET_" + name) is null && environment("SDK_" + name) is null)
                settings["DOTNET_" + name] = value;
        }
    }
}
