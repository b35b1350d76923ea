using System.Net;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>LLC1000 to LLC1032: what goes wrong between us and an image registry.</summary>
internal static class RegistryErrors
{
    /// <summary>Whether a response is a web page.</summary>
    public static bool IsWebPage(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() is "text/html" or "application/xhtml+xml";

    /// <summary>The words for what the transport could not do.</summary>
    /// <param name="registry">The registry that was asked; a failure may be another host's.</param>
    public static LayersException Of(string registry, string what, HttpFailure failure) => failure.Kind switch
    {
        HttpFailureKind.Unreachable => RegistryUnreachable(failure.Host, failure.Reason, failure),
        HttpFailureKind.Untrusted => RegistryUntrusted(failure.Host, failure.Reason, failure),
        HttpFailureKind.Busy => RegistryBusy(failure.Host, what, failure.Reason, Wait(failure.RetryAfter)),
        HttpFailureKind.NotHttp => RegistryFailed(failure.Host, what, "with something that is not HTTP", ""),
        HttpFailureKind.TooManyRedirects => TooManyRedirects(registry, what, failure.Reason),
        HttpFailureKind.RedirectRefused => RedirectRefused(registry, what, failure.Reason),
        HttpFailureKind.TooLarge => TooLarge(registry, what, failure.Expected),
        HttpFailureKind.WrongSize => WrongSize(registry, what, failure.Expected, failure.Reason),
        HttpFailureKind.WrongDigest => WrongDigest(registry, what, failure.Expected, failure.Reason),
        _ => TransferCut(failure.Host, what, failure.Reason, failure),
    };

    /// <summary>The words for a response that is neither success nor a challenge that can be met.</summary>
    /// <param name="access">The sentence about credentials.</param>
    /// <param name="push">Whether the image is pushed.</param>
    public static LayersException Refused(
        RegistryRequest request, HttpResponseMessage response, ServerAnswer answer, string access, bool push)
    {
        var host = response.RequestMessage?.RequestUri?.Authority ?? request.Image.Registry;
        var registry = request.Image.Registry;
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        var repository = $"'{request.Image.Name}'";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when push => PushUnauthorized(registry, repository, access, answer.Sentence),
            HttpStatusCode.Forbidden when push && !IsImmutable(answer) =>
                PushForbidden(registry, repository, access, answer.Sentence),
            HttpStatusCode.NotFound when push && answer.Code is "NAME_UNKNOWN" =>
                NoRepositoryToPushTo(request.Image, answer.Sentence),
            _ when push && IsImmutable(answer) => TagImmutable(request.Image, answer.Sentence),
            HttpStatusCode.Unauthorized => RegistryUnauthorized(registry, repository, access, answer.Sentence),
            HttpStatusCode.Forbidden => RegistryForbidden(registry, repository, access, answer.Sentence),
            _ when IsWebPage(response) => NotARegistry(host, request.What),
            HttpStatusCode.NotFound when request.Blob is { } blob => BlobNotFound(request.Image, blob),
            HttpStatusCode.NotFound when answer.Code is "NAME_UNKNOWN" or "NAME_INVALID" =>
                RepositoryNotFound(request.Image, answer.Sentence),
            HttpStatusCode.NotFound => ImageNotFound(request.Image, answer.Sentence),
            _ => RegistryFailed(host, request.What, status, answer.Sentence),
        };
    }

    public static LayersException NoUploadAddress(string host, string what, HttpStatusCode status) =>
        RegistryFailed(host, what, $"{(int)status}", " It names no upload address.");

    public static LayersException RegistryUnreachable(string host, string reason, Exception inner) =>
        new("LLC1000", $"The registry '{host}' cannot be reached: {reason}. Check the name, the network and the "
            + "proxy variables (HTTPS_PROXY, NO_PROXY).", inner);

    public static LayersException RegistryUntrusted(string host, string reason, Exception inner) =>
        new("LLC1001", $"The TLS connection to '{host}' failed: {reason}. If its certificate comes from a private "
            + "authority, add that to the system's trust store, or start the build with SSL_CERT_FILE naming a PEM "
            + "bundle that holds it. If the registry speaks plain HTTP or its certificate is to be accepted as "
            + $"it is, set DOTNET_CONTAINER_INSECURE_REGISTRIES={host}.", inner);

    /// <param name="access">What the registry was given: a sentence about the credential's source, or where none was
    /// found.</param>
    public static LayersException RegistryUnauthorized(string host, string what, string access, string answer) =>
        new("LLC1002", $"The registry '{host}' does not let us read {what}. {access}{answer} If the name is "
            + $"right, log in with 'docker login {host}', or set DOTNET_CONTAINER_PULL_REGISTRY_UNAME and "
            + "DOTNET_CONTAINER_PULL_REGISTRY_PWORD.");

    public static LayersException RegistryForbidden(string host, string what, string access, string answer) =>
        new("LLC1003", $"The registry '{host}' forbids reading {what}. {access}{answer} The account needs the "
            + "right to pull from this repository.");

    public static LayersException ImageNotFound(ImageReference image, string answer) =>
        new("LLC1004", $"There is no image '{image}'.{answer} Check its tag or digest.");

    public static LayersException RepositoryNotFound(ImageReference image, string answer) =>
        new("LLC1005", $"The registry '{image.Registry}' has no repository '{image.Repository}'.{answer} Check "
            + "the name.");

    public static LayersException BlobNotFound(ImageReference image, Descriptor blob) =>
        new("LLC1006", $"The registry lists the blob {blob.Digest} in '{image.Name}' but does not have it. Push "
            + "the image again.");

    public static LayersException NoSuchPlatform(ImageReference image, Platform wanted, IEnumerable<Platform> offered)
    {
        var list = string.Join(", ", offered);
        return new("LLC1007", $"The image '{image}' is not there for {wanted}; it is for "
            + $"{(list.Length == 0 ? "no platform at all" : list)}. Choose another tag, or another RuntimeIdentifier.");
    }

    public static LayersException WrongDigest(string host, string what, string expected, string actual) =>
        new("LLC1008", $"The registry '{host}' sent something else than it was asked for: {what} should have the "
            + $"digest {expected}, but "
            + $"what came has {actual}. Nothing of it was used. Try again; if it stays so, the registry or a proxy "
            + "alters content.");

    public static LayersException WrongSize(string host, string what, string expected, string actual) =>
        new("LLC1009", $"The registry '{host}' sent {actual} for {what}, which should have {expected} bytes. "
            + "Nothing of it was used. Try again; if it stays so, the image is damaged: push it again.");

    public static LayersException NotARegistry(string host, string what) =>
        new("LLC1010", $"'{host}' answered the request for {what} with a web page. It is no image registry, or a "
            + "proxy or a log-in page of the network stands in between.");

    public static LayersException TooManyRedirects(string host, string what, string number) =>
        new("LLC1011", $"The registry '{host}' answered the request for {what} with {number}. "
            + "It is misconfigured.");

    public static LayersException RedirectRefused(string host, string what, string reason) =>
        new("LLC1012", $"The registry '{host}' redirects the request for {what} to where we do not follow: "
            + $"{reason}.");

    public static LayersException TooLarge(string host, string what, string limit) =>
        new("LLC1013", $"The registry '{host}' sent more than {limit} bytes for {what}. That is more than such a "
            + "thing can have.");

    public static LayersException Schema1Manifest(ImageReference image) =>
        new("LLC1014", $"The image '{image}' has a manifest of the retired schema 1. Build and push it again with "
            + "a current tool, or copy it with 'skopeo copy --format v2s2'.");

    public static LayersException NotAnImage(ImageReference image, string mediaType) =>
        new("LLC1015", $"'{image}' is not a container image but holds '{mediaType}'. Name the image itself, not "
            + "an artefact stored beside it.");

    public static LayersException BrokenDocument(
        ImageReference image, string what, string reason, Exception? inner = null) =>
        new("LLC1016", $"The {what} of '{image}' cannot be used: {reason}. Push the image again with a current "
            + "tool.", inner);

    public static LayersException RegistryFailed(string host, string what, string status, string answer) =>
        new("LLC1017", $"The registry '{host}' answered {status} to the request for {what}.{answer}");

    public static LayersException RegistryBusy(string host, string what, string status, string wait) =>
        new("LLC1018", $"The registry '{host}' keeps answering {status} to the request for {what}{wait}. Try "
            + $"later; for a rate limit, log in with 'docker login {host}' or use a mirror.");

    public static LayersException TransferCut(string host, string what, string reason, Exception? inner = null) =>
        new("LLC1019", $"The transfer of {what} from '{host}' broke off again and again: {reason}. Try again when "
            + "the network is better.", inner);

    public static LayersException PushUnauthorized(string host, string what, string access, string answer) =>
        new("LLC1020", $"The registry '{host}' does not let us push to {what}. {access}{answer} Log in with "
            + $"'docker login {host}', or set DOTNET_CONTAINER_PUSH_REGISTRY_UNAME and "
            + "DOTNET_CONTAINER_PUSH_REGISTRY_PWORD.");

    public static LayersException PushForbidden(string host, string what, string access, string answer) =>
        new("LLC1021", $"The registry '{host}' forbids pushing to {what}. {access}{answer} The account needs the right to "
            + "push to this repository.");

    public static LayersException TagImmutable(ImageReference image, string answer) =>
        new("LLC1022", $"The tag of '{image}' names another image, and the repository does not let tags be moved.{answer} "
            + "Publish under a new tag: <ContainerImageTag>…</ContainerImageTag>.");

    public static LayersException NoRepositoryToPushTo(ImageReference image, string answer) =>
        new("LLC1023", $"The registry '{image.Registry}' has no repository '{image.Repository}' to push to.{answer} Create it "
            + "first (in ECR: <EcrCreateRepository>true</EcrCreateRepository>), or correct ContainerRepository.");

    public static LayersException BadReferrers(ImageReference repository, string tag, string reason) =>
        new("LLC1024", $"The list of what refers to an image of '{repository.Name}' cannot be used: {reason}. If the registry has "
            + $"no referrers API, it is what the tag '{tag}' names: remove that tag, and publish again.");

    public static LayersException RealmRefused(string host, string realm, string reason) =>
        new("LLC1030", $"The registry '{host}' wants us to log in at '{realm}', which we do not do: {reason}.");

    public static LayersException TokenUnusable(string host, string realm, string reason, Exception? inner = null) =>
        new("LLC1031", $"The token service '{realm}' of the registry '{host}' gave no usable token: "
            + $"{reason}.", inner);

    public static LayersException ChallengeUnusable(string host, string schemes) =>
        new("LLC1032", $"The registry '{host}' asks for a log-in of a kind we do not know ({schemes}). Basic and "
            + "Bearer are supported.");

    // ECR: "cannot be overwritten because the tag is immutable"; Harbor: "configured as immutable"; ACR and others alike.
    private static bool IsImmutable(ServerAnswer answer) =>
        answer.Message is { } message && (message.Contains("immutable", StringComparison.OrdinalIgnoreCase)
            || message.Contains("cannot be overwritten", StringComparison.OrdinalIgnoreCase));

    private static string Wait(TimeSpan? asked) =>
        asked is null ? "" : $" and asks to wait {asked.Value.TotalSeconds:0} seconds";
}
