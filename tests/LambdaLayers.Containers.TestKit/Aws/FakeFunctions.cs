using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>Lambda's functions from images, with the states and conflicts that a deployment meets.</summary>
public sealed class FakeFunctions
{
    private const string Root = "/2015-03-31/functions";

    private static readonly string[] Settings =
    [
        "Role", "Timeout", "MemorySize", "Description", "Environment", "EphemeralStorage", "TracingConfig", "LoggingConfig",
        "VpcConfig", "KMSKeyArn", "DeadLetterConfig",
    ];

    private readonly ConcurrentDictionary<string, FakeFunction> _functions = new();
    private readonly ConcurrentDictionary<string, (string Code, string Reason)> _failures = new();
    private readonly Lock _gate = new();

    internal FakeFunctions()
    {
        Routes =
        [
            new("lambda", "CreateFunction", "POST", Root, CreateAsync),
            new("lambda", "CreateFunction", "POST", Root + "/", CreateAsync),
            new("lambda", "GetFunction", "GET", Root + "/{FunctionName}", r => Locked(() => Get(r))),
            new("lambda", "DeleteFunction", "DELETE", Root + "/{FunctionName}", r => Locked(() => Delete(r))),
            new("lambda", "GetFunctionConfiguration", "GET", Root + "/{FunctionName}/configuration", r =>
                Locked(() => GetConfiguration(r))),
            new("lambda", "UpdateFunctionConfiguration", "PUT", Root + "/{FunctionName}/configuration", r =>
                Locked(() => UpdateConfiguration(r))),
            new("lambda", "UpdateFunctionCode", "PUT", Root + "/{FunctionName}/code", UpdateCodeAsync),
            new("lambda", "PublishVersion", "POST", Root + "/{FunctionName}/versions", r => Locked(() => Publish(r))),
            .. new FunctionAliases(this).Routes,
        ];
    }

    /// <summary>So many looks at a function show it Pending or InProgress before the change is done.</summary>
    public int PollsUntilReady { get; set; } = 1;

    /// <summary>Registry hosts that pass for an ECR of the function's region, such as "localhost:5000".</summary>
    public ConcurrentBag<string> AcceptedRegistries { get; } = [];

    /// <summary>
    /// Looks an image URI up; null when it does not exist. Without this callback every well-formed URI exists.
    /// </summary>
    public Func<string, ImageLookup?>? ResolveImage { get; set; }

    internal IReadOnlyList<AwsRoute> Routes { get; }

    /// <summary>A function of a region, null when there is none.</summary>
    public FakeFunction? Find(string name, string region = "us-east-1") => _functions.GetValueOrDefault($"{region}/{name}");

    /// <summary>Makes a function without a request: active, with Lambda's defaults, from an image that is not asked for.</summary>
    public FakeFunction Add(string name, string role, string imageUri, string region = "us-east-1")
    {
        var configuration = NewConfiguration(name, "aws", region, CodeSha256(imageUri));
        configuration["Role"] = role;
        configuration["State"] = "Active";
        configuration["LastUpdateStatus"] = "Successful";
        return _functions[$"{region}/{name}"] = new FakeFunction(configuration, imageUri);
    }

    /// <summary>
    /// The next call of an operation ("CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration") is accepted, and
    /// what it began fails for this reason.
    /// </summary>
    public void FailOnceAccepted(string operation, string code, string reason) => _failures[operation] = (code, reason);

    /// <summary>The path's function (a name, or an ARN of any length) and the qualifier of path or query.</summary>
    internal (FakeFunction Function, string? Qualifier) Named(AwsRequest request)
    {
        // /2015-03-31/functions/NAME and /2017-03-31/tags/ARN have it at the same place.
        var text = AwsRouter.Segment(request, 2);
        var parts = text[(text.IndexOf(":function:", StringComparison.Ordinal) is var i and >= 0 ? i + 10 : 0)..].Split(':');
        var function = Find(parts[0], request.Scope.Region) ?? throw AwsException.NotFound(
            $"Function not found: arn:{request.Scope.Partition}:lambda:{request.Scope.Region}:{FakeAws.AccountId}:function:{parts[0]}");
        return (function, parts.Length > 1 ? parts[1] : request.Query("Qualifier"));
    }

    internal Task<AwsReply> Locked(Func<AwsReply> action)
    {
        lock (_gate)
        {
            return Task.FromResult(action());
        }
    }

    internal static void CheckRevision(JsonObject body, string current)
    {
        if (body["RevisionId"]?.GetValue<string>() is { Length: > 0 } expected && expected != current)
        {
            throw new AwsException(
                412, "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve "
                + "the latest Revision Id");
        }
    }

    private Task<AwsReply> CreateAsync(AwsRequest request)
    {
        var body = request.Json();
        FunctionRules.CheckCreation(body);
        var uri = body["Code"]?["ImageUri"]?.GetValue<string>() ?? "";
        FunctionRules.CheckImageUri(uri, request.Scope.Region, AcceptedRegistries);
        var code = CodeSha256(uri);
        var name = body["FunctionName"]!.GetValue<string>();
        return Locked(() =>
        {
            var configuration = NewConfiguration(name, request.Scope.Partition, request.Scope.Region, code);
            configuration["Architectures"] = (body["Architectures"] ?? configuration["Architectures"])!.DeepClone();
            Apply(body, configuration);
            var function = new FakeFunction(configuration, uri);
            foreach (var (key, value) in body["Tags"] as JsonObject ?? [])
            {
                function.Tags[key] = value!.GetValue<string>();
            }

            if (!_functions.TryAdd($"{request.Scope.Region}/{name}", function))
            {
                throw AwsException.Conflict($"Function already exist: {name}");
            }

            function.StartCreation(PollsUntilReady, TakeFailure("CreateFunction"));
            var published = body["Publish"]?.GetValue<bool>() == true ? function.Publish(null) : null;
            return AwsReply.Json(published ?? (JsonObject)function.Configuration.DeepClone(), 201);
        });
    }

    private Task<AwsReply> UpdateCodeAsync(AwsRequest request)
    {
        var body = request.Json();
        FunctionRules.CheckArchitectures(body);
        var (function, _) = Named(request);
        var uri = body["ImageUri"]?.GetValue<string>() ?? throw AwsException.InvalidParameter("Please provide a source image.");
        FunctionRules.CheckImageUri(uri, request.Scope.Region, AcceptedRegistries);
        var code = CodeSha256(uri);
        return Locked(() =>
        {
            function.RequireStable();
            CheckRevision(body, function.RevisionId);
            if (body["DryRun"]?.GetValue<bool>() == true)
            {
                return AwsReply.Json((JsonObject)function.Configuration.DeepClone());
            }

            function.StartUpdate(
                configuration =>
                {
                    configuration["CodeSha256"] = code;
                    configuration["Architectures"] = (body["Architectures"] ?? configuration["Architectures"])!.DeepClone();
                },
                uri, PollsUntilReady, TakeFailure("UpdateFunctionCode"));
            var published = body["Publish"]?.GetValue<bool>() == true ? function.Publish(null) : null;
            return AwsReply.Json(published ?? (JsonObject)function.Configuration.DeepClone());
        });
    }

    private AwsReply UpdateConfiguration(AwsRequest request)
    {
        var body = request.Json();
        FunctionRules.CheckSettings(body, roleRequired: false);
        var (function, _) = Named(request);
        function.RequireStable();
        CheckRevision(body, function.RevisionId);
        function.StartUpdate(
            configuration => Apply(body, configuration), null, PollsUntilReady, TakeFailure("UpdateFunctionConfiguration"));
        return AwsReply.Json((JsonObject)function.Configuration.DeepClone());
    }

    private AwsReply Get(AwsRequest request)
    {
        var (function, qualifier) = Named(request);
        function.Poll();
        var (configuration, uri) = function.Qualified(qualifier);
        var json = new JsonObject
        {
            ["Configuration"] = configuration,
            ["Code"] = new JsonObject
            {
                ["RepositoryType"] = "ECR",
                ["ImageUri"] = uri,
                ["ResolvedImageUri"] = $"{Repository(uri)}@sha256:{configuration["CodeSha256"]!.GetValue<string>()}",
            },
        };
        if (!function.Tags.IsEmpty)
        {
            json["Tags"] = FunctionAliases.TagObject(function);
        }

        return AwsReply.Json(json);
    }

    private AwsReply GetConfiguration(AwsRequest request)
    {
        var (function, qualifier) = Named(request);
        function.Poll();
        return AwsReply.Json(function.Qualified(qualifier).Configuration);
    }

    private AwsReply Delete(AwsRequest request)
    {
        var (function, _) = Named(request);
        _functions.TryRemove(new($"{request.Scope.Region}/{function.Configuration["FunctionName"]}", function));
        return AwsReply.Empty(204);
    }

    private AwsReply Publish(AwsRequest request)
    {
        var body = request.Json();
        var (function, _) = Named(request);
        function.RequireStable();
        CheckRevision(body, function.RevisionId);
        if (body["CodeSha256"]?.GetValue<string>() is { Length: > 0 } code
            && code != function.Configuration["CodeSha256"]!.GetValue<string>())
        {
            throw AwsException.InvalidParameter("CodeSHA256 does not match the function's.");
        }

        return AwsReply.Json(function.Publish(body["Description"]?.GetValue<string>()), 201);
    }

    private (string Code, string Reason)? TakeFailure(string operation) =>
        _failures.TryRemove(operation, out var failure) ? failure : null;

    private static JsonObject NewConfiguration(string name, string partition, string region, string codeSha256) => new()
    {
        ["FunctionName"] = name,
        ["FunctionArn"] = $"arn:{partition}:lambda:{region}:{FakeAws.AccountId}:function:{name}",
        ["PackageType"] = "Image",
        ["Architectures"] = new JsonArray("x86_64"),
        ["CodeSha256"] = codeSha256,
        ["CodeSize"] = 0,
        ["Timeout"] = 3,
        ["MemorySize"] = 128,
        ["Description"] = "",
        ["EphemeralStorage"] = new JsonObject { ["Size"] = 512 },
        ["TracingConfig"] = new JsonObject { ["Mode"] = "PassThrough" },
    };

    private string CodeSha256(string uri)
    {
        if (ResolveImage is null)
        {
            // Without a registry: the digest of the URI itself, or of a made-up image for a tag.
            var at = uri.IndexOf("@sha256:", StringComparison.Ordinal);
            return at >= 0 ? uri[(at + 8)..] : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uri)));
        }

        var image = ResolveImage(uri)
            ?? throw AwsException.InvalidParameter($"Source image {uri} does not exist. Provide a valid source image.");
        return image.IsIndex
            ? throw AwsException.InvalidParameter(
                $"The image manifest, config or layer media type for the source image {uri} is not supported.")
            : image.Digest["sha256:".Length..];
    }

    private static void Apply(JsonObject body, JsonObject configuration)
    {
        foreach (var name in Settings.Where(body.ContainsKey))
        {
            configuration[name] = body[name]!.DeepClone();
        }

        if (body["ImageConfig"] is { } imageConfig)
        {
            configuration["ImageConfigResponse"] = new JsonObject { ["ImageConfig"] = imageConfig.DeepClone() };
        }
    }

    private static string Repository(string uri) =>
        uri.Contains('@', StringComparison.Ordinal) ? uri[..uri.IndexOf('@', StringComparison.Ordinal)]
        : uri.LastIndexOf(':') > uri.LastIndexOf('/') ? uri[..uri.LastIndexOf(':')]
        : uri;
}
