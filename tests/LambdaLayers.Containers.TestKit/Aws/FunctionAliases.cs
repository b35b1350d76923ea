using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>Aliases and tags of functions.</summary>
internal sealed class FunctionAliases
{
    private readonly FakeFunctions _functions;

    public FunctionAliases(FakeFunctions functions)
    {
        const string Aliases = "/2015-03-31/functions/{FunctionName}/aliases";
        const string Tags = "/2017-03-31/tags/{ARN}";
        _functions = functions;
        Routes =
        [
            new("lambda", "CreateAlias", "POST", Aliases, r => functions.Locked(() => Create(r))),
            new("lambda", "GetAlias", "GET", Aliases + "/{Name}", r => functions.Locked(() => AwsReply.Json(Copy(Named(r).Alias)))),
            new("lambda", "UpdateAlias", "PUT", Aliases + "/{Name}", r => functions.Locked(() => Update(r))),
            new("lambda", "ListTags", "GET", Tags, r => functions.Locked(() => AwsReply.Json(
                new JsonObject { ["Tags"] = TagObject(functions.Named(r).Function) }))),
            new("lambda", "TagResource", "POST", Tags, r => functions.Locked(() => Tag(r))),
            new("lambda", "UntagResource", "DELETE", Tags, r => functions.Locked(() => Untag(r))),
        ];
    }

    public IReadOnlyList<AwsRoute> Routes { get; }

    public static JsonObject TagObject(FakeFunction function) =>
        new(function.Tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));

    private AwsReply Create(AwsRequest request)
    {
        var (function, _) = _functions.Named(request);
        var body = request.Json();
        var name = body["Name"]!.GetValue<string>();
        var alias = new JsonObject
        {
            ["AliasArn"] = $"{function.Arn}:{name}",
            ["Name"] = name,
            ["FunctionVersion"] = Version(function, body),
            ["Description"] = body["Description"]?.GetValue<string>() ?? "",
            ["RevisionId"] = Guid.NewGuid().ToString(),
        };
        return function.Aliases.TryAdd(name, alias)
            ? AwsReply.Json(Copy(alias), 201)
            : throw AwsException.Conflict($"Alias already exists: {function.Arn}:{name}");
    }

    private AwsReply Update(AwsRequest request)
    {
        var (function, alias) = Named(request);
        var body = request.Json();
        FakeFunctions.CheckRevision(body, alias["RevisionId"]!.GetValue<string>());
        if (body.ContainsKey("FunctionVersion"))
        {
            alias["FunctionVersion"] = Version(function, body);
        }

        if (body["Description"] is { } description)
        {
            alias["Description"] = description.DeepClone();
        }

        alias["RevisionId"] = Guid.NewGuid().ToString();
        return AwsReply.Json(Copy(alias));
    }

    private (FakeFunction Function, JsonObject Alias) Named(AwsRequest request)
    {
        var (function, _) = _functions.Named(request);
        var name = AwsRouter.Segment(request, 4);
        return function.Aliases.TryGetValue(name, out var alias)
            ? (function, alias)
            : throw AwsException.NotFound($"Alias not found: {function.Arn}:{name}");
    }

    private AwsReply Tag(AwsRequest request)
    {
        var (function, _) = _functions.Named(request);
        foreach (var (key, value) in request.Json()["Tags"]!.AsObject())
        {
            function.Tags[key] = value!.GetValue<string>();
        }

        return AwsReply.Empty(204);
    }

    private AwsReply Untag(AwsRequest request)
    {
        var (function, _) = _functions.Named(request);
        foreach (var key in request.Context.Request.Query["tagKeys"])
        {
            function.Tags.TryRemove(key!, out _);
        }

        return AwsReply.Empty(204);
    }

    private static string Version(FakeFunction function, JsonObject body)
    {
        var version = body["FunctionVersion"]!.GetValue<string>();
        _ = function.Qualified(version);
        return version;
    }

    private static JsonObject Copy(JsonObject json) => (JsonObject)json.DeepClone();
}
