using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// The name of an image, read by the rules of the distribution reference grammar
/// (https://github.com/distribution/reference/blob/main/reference.go), with Docker Hub's short names written out.
/// </summary>
internal sealed partial record ImageReference
{
    /// <summary>
    /// Docker Hub, as it is written in references; <see cref="Oci.Registry.RegistryEndpoint"/> knows its host.
    /// </summary>
    public const string DockerHub = "docker.io";

    private const string DefaultTag = "latest";
    private const string TransportPrefix = "docker://";
    private const int MaximumNameLength = 255;
    private const string HostPart = "(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])";
    private const string PathPart = @"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*";

    private ImageReference(string registry, string repository, string? tag, Digest? digest) =>
        (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);

    /// <summary>
    /// Host and port, in lower case: <c>public.ecr.aws</c>, <c>localhost:5000</c>, <c>[::1]:5000</c>.
    /// </summary>
    public string Registry { get; }

    /// <summary>The name below the host: <c>lambda/dotnet</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag as written; <c>latest</c> when neither tag nor digest is; null when only a digest is.</summary>
    public string? Tag { get; private init; }

    /// <summary>The pinned digest, which wins over the tag.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>What a manifest is asked for by: the digest where there is one, else the tag.</summary>
    public string ManifestName => Digest?.ToString() ?? Tag!;

    /// <summary>Registry and repository without tag and digest.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>Reads a reference; <see cref="FormatException"/> says what is wrong with it.</summary>
    public static ImageReference Parse(string text) =>
        Read(text, out var problem) ?? throw new FormatException($"'{text}' is not an image reference: {problem}.");

    /// <summary>Reads a reference; false when it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = text is null ? null : Read(text, out _);
        return reference is not null;
    }

    /// <summary>
    /// Puts together a reference from parts that a property each holds, as the SDK's ContainerBaseRegistry,
    /// ContainerBaseName, ContainerBaseTag and ContainerBaseDigest do. Empty counts as absent.
    /// </summary>
    public static ImageReference Create(string? registry, string repository, string? tag, string? digest)
    {
        var host = string.IsNullOrEmpty(registry) ? DockerHub : registry;
        var tagged = string.IsNullOrEmpty(tag) ? "" : ":" + tag;
        return Parse($"{host}/{repository}{tagged}{(string.IsNullOrEmpty(digest) ? "" : "@" + digest)}");
    }

    /// <summary>The same image, pinned; the tag stays as a hint for people.</summary>
    public ImageReference WithDigest(Digest digest) => this with { Digest = digest };

    public override string ToString() =>
        Name + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    private static ImageReference? Read(string text, out string problem)
    {
        var rest = text.StartsWith(TransportPrefix, StringComparison.Ordinal) ? text[TransportPrefix.Length..] : text;
        if (!TryCutDigest(ref rest, out var digest, out problem) || !TryCutTag(ref rest, out var tag, out problem))
            return null;

        var (registry, repository) = SplitHost(rest);
        // The pattern is the grammar of references; ports and addresses have rules beyond it.
        if (!HostPattern().IsMatch(registry) || !Uri.TryCreate($"https://{registry}/", UriKind.Absolute, out _))
            problem = $"'{registry}' is not a host name";
        else if (repository.Length == 0)
            problem = "it names no repository";
        else if (!RepositoryPattern().IsMatch(repository))
            problem = $"'{repository}' is not a repository name (lower-case letters, digits, and . _ - / between them)";
        else if (registry.Length + 1 + repository.Length > MaximumNameLength)
            problem = $"its name is longer than {MaximumNameLength} characters";
        else
            return new ImageReference(registry, repository, tag ?? (digest is null ? DefaultTag : null), digest);
        return null;
    }

    private static bool TryCutDigest(ref string rest, out Digest? digest, out string problem)
    {
        (digest, problem) = (null, "");
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return true;
        problem = "what follows '@' must be sha256: and 64 hex digits";
        var written = rest[(at + 1)..];
        rest = rest[..at];
        return !written.Any(char.IsAsciiLetterUpper) && Content.Digest.TryParse(written, out digest);
    }

    private static bool TryCutTag(ref string rest, out string? tag, out string problem)
    {
        (tag, problem) = (null, "");
        var colon = rest.LastIndexOf(':');
        if (colon < 0 || rest.IndexOf('/', colon) >= 0)
            return true;
        tag = rest[(colon + 1)..];
        rest = rest[..colon];
        problem = $"'{tag}' is not a tag (letters, digits, _ . - and at most 128 of them)";
        return TagPattern().IsMatch(tag);
    }

    // The first part is a host only when it cannot be a folder of Docker Hub: it has a dot, a port or capitals, or is
    // "localhost".
    private static (string Registry, string Repository) SplitHost(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var isHost = first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal)
            || first == "localhost" || first.Any(char.IsAsciiLetterUpper);
        var registry = isHost ? first.ToLowerInvariant() : DockerHub;
        var repository = isHost ? name[(slash + 1)..] : name;
        if (registry is "index.docker.io" or "registry-1.docker.io")
            registry = DockerHub;
        if (registry == DockerHub && repository.Length > 0 && !repository.Contains('/', StringComparison.Ordinal))
            repository = "library/" + repository;
        return (registry, repository);
    }

    [GeneratedRegex(
        $@"\A(?:{HostPart}(?:\.{HostPart})*|\[[a-f0-9:]+\])(?::[0-9]{{1,5}})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();

    [GeneratedRegex($@"\A{PathPart}(?:/{PathPart})*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagPattern();
}
