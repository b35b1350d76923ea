using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>Lambda's layers: GetLayerVersion, GetLayerVersionByArn, ListLayerVersions and PublishLayerVersion.</summary>
public sealed class FakeLayers
{
    private static readonly Regex VersionArn = new(
        @"^arn:(?<partition>aws[a-zA-Z-]*):lambda:(?<region>[a-z0-9-]*):(?<account>\d{12}|):(layer:[a-zA-Z0-9-_]+:\d+|awslayer:[a-zA-Z0-9-_]+)$",
        RegexOptions.CultureInvariant);

    private readonly ConcurrentDictionary<string, FakeLayer> _layers = new();
    private readonly ConcurrentQueue<TempRoot> _published = new();
    private readonly FakeAws _aws;

    internal FakeLayers(FakeAws aws)
    {
        _aws = aws;
        Routes =
        [
            new("lambda", "GetLayerVersionByArn", "GET", "/2018-10-31/layers", GetByArn) { Selector = ("find", "LayerVersion") },
            new("lambda", "GetLayerVersion", "GET", "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}", Get),
            new("lambda", "ListLayerVersions", "GET", "/2018-10-31/layers/{LayerName}/versions", List),
            new("lambda", "PublishLayerVersion", "POST", "/2018-10-31/layers/{LayerName}/versions", Publish),
        ];
    }

    /// <summary>At most so many versions on one page, whatever MaxItems says.</summary>
    public int PageSize { get; set; } = 50;

    /// <summary>How long a download link is good.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromMinutes(10);

    internal IReadOnlyList<AwsRoute> Routes { get; }

    /// <summary>Publishes a zip under a version ARN of any partition, region and account.</summary>
    public FakeLayer Add(string layerVersionArn, string zipPath)
    {
        if (!VersionArn.IsMatch(layerVersionArn))
        {
            throw new ArgumentException($"'{layerVersionArn}' is no layer version ARN.", nameof(layerVersionArn));
        }

        return _layers[layerVersionArn] = new FakeLayer(layerVersionArn, zipPath);
    }

    /// <summary>Takes a version away, as its owner's DeleteLayerVersion does.</summary>
    public void Remove(FakeLayer layer) => _layers.TryRemove(layer.LayerVersionArn, out _);

    private Task<AwsReply> GetByArn(AwsRequest request) => Answer(request, request.Query("Arn") ?? "");

    private Task<AwsReply> Get(AwsRequest request) =>
        Answer(request, $"{LayerArn(request)}:{AwsRouter.Segment(request, 4)}");

    private Task<AwsReply> Answer(AwsRequest request, string arn)
    {
        var parsed = VersionArn.Match(arn);
        if (!parsed.Success)
        {
            throw new AwsException(
                400, "ValidationException", $"1 validation error detected: Value '{arn}' at 'arn' failed to satisfy constraint");
        }

        CheckRegion(request, arn, parsed, "lambda:GetLayerVersion");
        if (!_layers.TryGetValue(arn, out var layer))
        {
            // A stranger's layer that does not exist and one that is not shared look the same.
            var own = parsed.Groups["account"].Value == FakeAws.AccountId;
            var known = _layers.Values.Any(l => l.LayerArn == arn[..arn.LastIndexOf(':')] && !l.Denied);
            throw own || known
                ? AwsException.NotFound($"Layer version {arn} does not exist.")
                : AwsException.AccessDenied("lambda:GetLayerVersion", arn);
        }

        return layer.Denied
            ? throw AwsException.AccessDenied("lambda:GetLayerVersion", arn)
            : Task.FromResult(AwsReply.Json(Full(layer)));
    }

    private Task<AwsReply> List(AwsRequest request)
    {
        var arn = LayerArn(request);
        var versions = _layers.Values.Where(l => l.LayerArn == arn).OrderByDescending(l => l.Version).ToArray();
        var foreign = !arn.Contains($":{FakeAws.AccountId}:", StringComparison.Ordinal);
        var elsewhere = arn.Split(':') is { Length: > 3 } parts && parts[3] != request.Scope.Region;
        if (elsewhere || versions.Any(l => l.ListDenied) || (foreign && versions.Length == 0))
        {
            throw AwsException.AccessDenied("lambda:ListLayerVersions", arn);
        }

        var start = request.Query("Marker") is { } marker ? int.Parse(marker["page-".Length..], CultureInfo.InvariantCulture) : 0;
        var max = request.Query("MaxItems") is { } items ? int.Parse(items, CultureInfo.InvariantCulture) : PageSize;
        var size = Math.Min(PageSize, Math.Clamp(max, 1, 50));
        var matching = versions
            .Where(l => Fits(request.Query("CompatibleArchitecture"), l.CompatibleArchitectures))
            .Where(l => Fits(request.Query("CompatibleRuntime"), l.CompatibleRuntimes))
            .ToArray();
        var page = new JsonObject
        {
            ["LayerVersions"] = new JsonArray([.. matching.Skip(start).Take(size).Select(l => l.Describe())]),
        };
        if (start + size < matching.Length)
        {
            page["NextMarker"] = string.Create(CultureInfo.InvariantCulture, $"page-{start + size}");
        }

        return Task.FromResult(AwsReply.Json(page));
    }

    private async Task<AwsReply> Publish(AwsRequest request)
    {
        var body = request.Json();
        var zip = body["Content"]?["ZipFile"]?.GetValue<string>()
            ?? throw AwsException.InvalidParameter("The fake publishes Content.ZipFile only.");
        var arn = LayerArn(request);
        var root = new TempRoot();
        _published.Enqueue(root);
        var path = root.File("layer.zip");
        await File.WriteAllBytesAsync(path, Convert.FromBase64String(zip));
        var version = 1 + _layers.Values.Where(l => l.LayerArn == arn).Select(l => l.Version).DefaultIfEmpty(0).Max();
        var layer = Add(string.Create(CultureInfo.InvariantCulture, $"{arn}:{version}"), path);
        layer.Description = body["Description"]?.GetValue<string>() ?? "";
        layer.CompatibleArchitectures = Strings(body["CompatibleArchitectures"]);
        layer.CompatibleRuntimes = Strings(body["CompatibleRuntimes"]);
        return AwsReply.Json(Full(layer), 201);
    }

    private JsonObject Full(FakeLayer layer)
    {
        var json = layer.Describe();
        json["LayerArn"] = layer.LayerArn;
        json["Content"] = new JsonObject
        {
            ["Location"] = _aws.Downloads.CreateLink(layer, LinkLifetime),
            ["CodeSha256"] = layer.CodeSha256,
            ["CodeSize"] = layer.CodeSize,
        };
        return json;
    }

    internal void Dispose()
    {
        while (_published.TryDequeue(out var root))
        {
            root.Dispose();
        }
    }

    private static void CheckRegion(AwsRequest request, string arn, Match parsed, string action)
    {
        var region = parsed.Groups["region"].Value;
        if (region.Length > 0
            && (region != request.Scope.Region || parsed.Groups["partition"].Value != request.Scope.Partition))
        {
            throw AwsException.AccessDenied(action, arn);
        }
    }

    /// <summary>The path's layer name, which may be an ARN, as an ARN.</summary>
    private static string LayerArn(AwsRequest request)
    {
        var name = AwsRouter.Segment(request, 2);
        return name.StartsWith("arn:", StringComparison.Ordinal)
            ? name
            : $"arn:{request.Scope.Partition}:lambda:{request.Scope.Region}:{FakeAws.AccountId}:layer:{name}";
    }

    private static bool Fits(string? wanted, IReadOnlyList<string> offered) =>
        wanted is null || offered.Count == 0 || offered.Contains(wanted);

    private static string[] Strings(JsonNode? list) => [.. list?.AsArray().Select(n => n!.GetValue<string>()) ?? []];
}
