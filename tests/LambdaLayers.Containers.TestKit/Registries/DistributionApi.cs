using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// The OCI distribution specification 1.1 over a <see cref="RegistryStorage"/>: pull, push, content discovery; no deletion
/// (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md). It checks what docker-registry checks.
/// </summary>
internal sealed partial class DistributionApi(RegistryStorage storage)
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    // docker-registry's own limit.
    private const int LongestManifest = 4 << 20;

    /// <summary>In which repositories a tag that is there is never written again (TAG_INVALID, as ECR's).</summary>
    public Func<string, bool> ImmutableTags { get; set; } = _ => false;

    /// <summary>Where clients get blobs from, in place of here: scheme, host and port; null to serve them.</summary>
    public string? BlobHost { get; set; }

    /// <summary>Where clients send uploads to, in place of here.</summary>
    public string? UploadHost { get; set; }

    /// <summary>The answer to a chunk: 202 by the specification; GitHub's registry and others once said 201.</summary>
    public int ChunkStatus { get; set; } = 202;

    /// <summary>Whether it has the referrers API of the specification's version 1.1.</summary>
    public bool HasReferrers { get; set; } = true;

    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        var path = context.Request.Path.Value!;
        if (path is "/v2/" or "/v2")
            await JsonAsync(context, "{}"u8.ToArray());
        else if (path == "/v2/_catalog")
            await JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(new { repositories = storage.Repositories }));
        else if (Route().Match(path) is not { Success: true } route)
            await RefuseAsync(context, 404, "NAME_UNKNOWN", $"nothing is at {path}");
        else if (!Name().IsMatch(route.Groups["name"].Value))
            await RefuseAsync(context, 400, "NAME_INVALID", "invalid repository name");
        else
            await AnswerAsync(context, route.Groups["name"].Value, route.Groups["kind"].Value, route.Groups["rest"].Value);
    }

    /// <summary>A refusal in the specification's own format.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        var errors = new { errors = new[] { new { code, message } } };
        return JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(errors), status);
    }

    private Task AnswerAsync(HttpContext context, string name, string kind, string rest) => (context.Request.Method, kind, rest) switch
    {
        ("GET" or "HEAD", "manifests", _) => GetManifestAsync(context, name, rest),
        ("PUT", "manifests", _) => PutManifestAsync(context, name, rest),
        ("GET", "tags", "list") => ListTagsAsync(context, name),
        ("GET", "referrers", _) when !HasReferrers => RefuseAsync(context, 404, "UNSUPPORTED", "no such page"),
        ("GET", "referrers", _) => ListReferrersAsync(context, name, rest),
        ("POST", "blobs", "uploads/") => StartUploadAsync(context, name),
        (_, "blobs", _) when rest.StartsWith("uploads/", StringComparison.Ordinal) =>
            UploadAsync(context, name, rest["uploads/".Length..]),
        ("GET" or "HEAD", "blobs", _) => GetBlobAsync(context, name, rest),
        _ => RefuseAsync(context, 405, "UNSUPPORTED", "The operation is unsupported."),
    };

    private async Task GetManifestAsync(HttpContext context, string name, string reference)
    {
        if (storage.FindManifest(name, reference) is not { } manifest)
        {
            await RefuseAsync(context, 404, "MANIFEST_UNKNOWN", $"manifest unknown: {reference}");
            return;
        }

        context.Response.ContentType = manifest.MediaType;
        context.Response.ContentLength = manifest.Bytes.Length;
        context.Response.Headers["Docker-Content-Digest"] = manifest.Digest;
        context.Response.Headers.ETag = $"\"{manifest.Digest}\"";
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(manifest.Bytes, context.RequestAborted);
    }

    private async Task PutManifestAsync(HttpContext context, string name, string reference)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        var mediaType = context.Request.ContentType ?? "";
        var byDigest = reference.Contains(':', StringComparison.Ordinal);
        if (bytes.Length > LongestManifest)
            await RefuseAsync(context, 413, "SIZE_INVALID", "manifest too large");
        else if (Parse(bytes) is not { } manifest || (manifest["mediaType"] is { } told && told.GetValue<string>() != mediaType))
            await RefuseAsync(context, 400, "MANIFEST_INVALID", "manifest invalid");
        else if (Missing(name, manifest) is { } missing)
            await RefuseAsync(context, 400, "MANIFEST_BLOB_UNKNOWN", $"blob unknown to registry: {missing}");
        else if (byDigest && RegistryStorage.Sha256(bytes) != reference)
            await RefuseAsync(context, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        else if (!byDigest && !Tag().IsMatch(reference))
            await RefuseAsync(context, 400, "TAG_INVALID", "manifest tag did not match URI");
        else if (!byDigest && ImmutableTags(name) && storage.FindManifest(name, reference) is not null)
        {
            await RefuseAsync(context, 400, "TAG_INVALID",
                $"The image tag '{reference}' already exists in the '{name}' repository and cannot be overwritten because the tag "
                + "is immutable.");
        }
        else
            Created(context, name, storage.AddManifest(name, byDigest ? null : reference, mediaType, bytes), manifest);
    }

    private void Created(HttpContext context, string name, string digest, JsonObject manifest)
    {
        context.Response.StatusCode = 201;
        context.Response.Headers.Location = $"{Origin(context)}/v2/{name}/manifests/{digest}";
        context.Response.Headers["Docker-Content-Digest"] = digest;
        if (HasReferrers && manifest["subject"]?["digest"] is { } subject)
            context.Response.Headers["OCI-Subject"] = subject.GetValue<string>();
    }

    /// <summary>The first thing that the manifest names and this repository lacks; a subject may come later.</summary>
    private string? Missing(string name, JsonObject manifest)
    {
        var blobs = new[] { manifest["config"] }.Concat(manifest["layers"] as JsonArray ?? [])
            .Where(d => d is not null && d["urls"] is null).Select(d => d!["digest"]!.GetValue<string>());
        var manifests = (manifest["manifests"] as JsonArray ?? []).Select(d => d!["digest"]!.GetValue<string>());
        return blobs.FirstOrDefault(d => storage.FindBlob(name, d) is null)
            ?? manifests.FirstOrDefault(d => storage.FindManifest(name, d) is null);
    }

    private async Task ListTagsAsync(HttpContext context, string name)
    {
        if (storage.Manifests(name).Count == 0)
        {
            await RefuseAsync(context, 404, "NAME_UNKNOWN", "repository name not known to registry");
            return;
        }

        var last = context.Request.Query["last"].ToString();
        var tags = storage.Tags(name).Where(tag => string.CompareOrdinal(tag, last) > 0).ToList();
        if (int.TryParse(context.Request.Query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n < tags.Count)
        {
            tags = tags[..n];
            if (n > 0)
                context.Response.Headers.Link = $"</v2/{name}/tags/list?n={n}&last={Uri.EscapeDataString(tags[^1])}>; rel=\"next\"";
        }

        await JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(new { name, tags }));
    }

    private Task ListReferrersAsync(HttpContext context, string name, string subject)
    {
        var wanted = context.Request.Query["artifactType"].ToString();
        var manifests = new JsonArray();
        foreach (var stored in storage.Manifests(name))
        {
            if (Parse(stored.Bytes) is not { } manifest || (string?)manifest["subject"]?["digest"] != subject)
                continue;
            var type = (string?)manifest["artifactType"] ?? (string?)manifest["config"]?["mediaType"];
            if (wanted.Length > 0 && type != wanted)
                continue;
            var descriptor = new JsonObject
            {
                ["mediaType"] = stored.MediaType,
                ["digest"] = stored.Digest,
                ["size"] = stored.Bytes.Length,
            };
            if (type is not null)
                descriptor["artifactType"] = type;
            if (manifest["annotations"] is { } annotations)
                descriptor["annotations"] = annotations.DeepClone();
            manifests.Add(descriptor);
        }

        if (wanted.Length > 0)
            context.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = manifests };
        return JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(index), mediaType: IndexType);
    }

    private async Task GetBlobAsync(HttpContext context, string name, string digest)
    {
        if (storage.FindBlob(name, digest) is not { } blob)
        {
            await RefuseAsync(context, 404, "BLOB_UNKNOWN", "blob unknown to registry");
            return;
        }

        var response = context.Response;
        if (BlobHost is not null && HttpMethods.IsGet(context.Request.Method))
        {
            response.StatusCode = 307;
            response.Headers.Location = $"{BlobHost}/v2/{name}/blobs/{digest}";
            return;
        }

        response.Headers["Docker-Content-Digest"] = digest;
        response.Headers.ETag = $"\"{digest}\"";
        response.Headers.AcceptRanges = "bytes";
        var (from, to) = (0L, blob.Length - 1);
        if (HttpMethods.IsGet(context.Request.Method) && Ranges(context.Request, blob.Length) is var (first, last))
        {
            if (first > last)
            {
                response.Headers.ContentRange = $"bytes */{blob.Length}";
                await RefuseAsync(context, 416, "RANGE_INVALID", "The requested range is not satisfiable");
                return;
            }

            (from, to) = (first, last);
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {from}-{to}/{blob.Length}";
        }

        response.ContentType = "application/octet-stream";
        response.ContentLength = to - from + 1;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        await using var content = blob.Open();
        content.Position = from;
        await CopyAsync(content, response.Body, to - from + 1, context.RequestAborted);
    }

    private Task StartUploadAsync(HttpContext context, string name)
    {
        var mount = context.Request.Query["mount"].ToString();
        var from = context.Request.Query["from"].ToString();
        if (mount.Length > 0 && from.Length > 0 && storage.FindBlob(from, mount) is not null)
        {
            storage.Link(name, mount);
            BlobCreated(context, name, mount);
        }
        else
        {
            Accepted(context, storage.StartUpload(name), 202);
        }

        return Task.CompletedTask;
    }

    private async Task UploadAsync(HttpContext context, string name, string id)
    {
        if (storage.FindUpload(name, id) is not { } upload)
        {
            await RefuseAsync(context, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
            return;
        }

        switch (context.Request.Method)
        {
            case "GET":
                Accepted(context, upload, 204);
                break;
            case "DELETE":
                await storage.CancelAsync(upload);
                context.Response.StatusCode = 204;
                break;
            case "PATCH" or "PUT" when OutOfOrder(context.Request, upload):
                Accepted(context, upload, 416);
                break;
            case "PATCH":
                await upload.AppendAsync(context.Request.Body, context.RequestAborted);
                Accepted(context, upload, ChunkStatus);
                break;
            case "PUT":
                await FinishAsync(context, name, upload);
                break;
            default:
                await RefuseAsync(context, 405, "UNSUPPORTED", "The operation is unsupported.");
                break;
        }
    }

    private async Task FinishAsync(HttpContext context, string name, RegistryStorage.Upload upload)
    {
        var digest = context.Request.Query["digest"].ToString();
        if (!Digest().IsMatch(digest))
        {
            await RefuseAsync(context, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
            return;
        }

        await upload.AppendAsync(context.Request.Body, context.RequestAborted);
        if (await storage.FinishAsync(upload, digest))
            BlobCreated(context, name, digest);
        else
            await RefuseAsync(context, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    }

    private static void BlobCreated(HttpContext context, string name, string digest)
    {
        context.Response.StatusCode = 201;
        context.Response.Headers.Location = $"{Origin(context)}/v2/{name}/blobs/{digest}";
        context.Response.Headers["Docker-Content-Digest"] = digest;
        context.Response.ContentLength = 0;
    }

    private void Accepted(HttpContext context, RegistryStorage.Upload upload, int status)
    {
        context.Response.StatusCode = status;
        // The query is the server's own, as docker-registry's is: a client has to keep it.
        context.Response.Headers.Location =
            $"{UploadHost ?? Origin(context)}/v2/{upload.Repository}/blobs/uploads/{upload.Id}?_state={upload.Length}";
        context.Response.Headers["Docker-Upload-UUID"] = upload.Id;
        context.Response.Headers.Range = $"0-{Math.Max(0, upload.Length - 1)}";
        if (status != 204)
            context.Response.ContentLength = 0;
    }

    private static bool OutOfOrder(HttpRequest request, RegistryStorage.Upload upload) =>
        request.Headers.ContentRange.ToString() is { Length: > 0 } range
        && (!long.TryParse(range.Replace("bytes ", "", StringComparison.Ordinal).Split('-')[0], CultureInfo.InvariantCulture, out var from)
            || from != upload.Length);

    /// <summary>The first range that is asked for; the end lies before the beginning when there are no such bytes.</summary>
    private static (long From, long To)? Ranges(HttpRequest request, long length)
    {
        if (!System.Net.Http.Headers.RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var parsed))
            return null;
        var range = parsed.Ranges.First();
        return range.From is null
            ? (Math.Max(0, length - range.To!.Value), length - 1)
            : (range.From.Value, Math.Min(range.To ?? long.MaxValue, length - 1));
    }

    private static async Task CopyAsync(Stream from, Stream to, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[81920];
        while (count > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellationToken);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            count -= read;
        }
    }

    // Whoever ends TLS before this server says so, as load balancers do.
    private static string Origin(HttpContext context)
    {
        var forwarded = context.Request.Headers["X-Forwarded-Proto"].ToString();
        return $"{(forwarded.Length > 0 ? forwarded : context.Request.Scheme)}://{context.Request.Host.Value}";
    }

    private static async Task JsonAsync(
        HttpContext context, byte[] bytes, int status = 200, string mediaType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static JsonObject? Parse(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("^/v2/(?<name>.+)/(?<kind>manifests|blobs|tags|referrers)/(?<rest>.+)$")]
    private static partial Regex Route();

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$")]
    private static partial Regex Name();

    [GeneratedRegex("^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$")]
    private static partial Regex Tag();

    [GeneratedRegex("^sha256:[0-9a-f]{64}$")]
    private static partial Regex Digest();
}
