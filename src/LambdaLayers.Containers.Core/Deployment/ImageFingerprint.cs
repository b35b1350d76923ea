using System.Security.Cryptography;
using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Deployment;

/// <summary>
/// What an image will do, in one hash: the base with its layers, the app's files, the settings. The manifest's digest does
/// not tell: the SDK's app layer and its labels hold the time, so each publish makes another digest of the same app.
/// </summary>
internal static class ImageFingerprint
{
    /// <summary>The image's label that holds it.</summary>
    public const string Label = "lambdalayers.fingerprint";

    // Part of the hash: a change of what is hashed must not look like a change of nothing.
    private const string Version = "1";

    private static readonly string[] TimeLabels =
        ["org.opencontainers.image.created", "org.opencontainers.artifact.created", Label];

    /// <summary>64 hex digits.</summary>
    /// <param name="baseIdentity">Digest of the manifest that the app goes on top of.</param>
    /// <param name="publishDirectory">The app's files.</param>
    /// <param name="settings">Entry point, variables, user and the like, in the SDK's words; order counts.</param>
    /// <param name="labels">Name and value; labels with a time are left out.</param>
    public static async Task<string> ComputeAsync(
        string baseIdentity,
        string publishDirectory,
        IReadOnlyList<string> settings,
        IEnumerable<KeyValuePair<string, string>> labels,
        CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Version, baseIdentity);
        foreach (var setting in settings)
            Add(hash, "setting", setting);
        foreach (var (name, value) in labels.Where(x => !TimeLabels.Contains(x.Key)).OrderBy(x => x.Key, StringComparer.Ordinal))
            Add(hash, "label", name, value);
        foreach (var file in Files(publishDirectory))
        {
            await using var content = File.OpenRead(file.FullName);
            var digest = await Digest.OfAsync(content, cancellationToken);
            var path = Path.GetRelativePath(publishDirectory, file.FullName).Replace('\\', '/');
            Add(hash, "file", path, IsExecutable(file) ? "x" : "", digest.Hex);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<FileInfo> Files(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderBy(x => Path.GetRelativePath(directory, x.FullName).Replace('\\', '/'), StringComparer.Ordinal);

    private static bool IsExecutable(FileInfo file) =>
        !OperatingSystem.IsWindows() && (file.UnixFileMode & UnixFileMode.UserExecute) != 0;

    // Each part with its length, so that no two lists of parts are the same bytes.
    private static void Add(IncrementalHash hash, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
