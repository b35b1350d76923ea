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
        Route(function, alias, body);
        return function.Aliases.TryAdd(name, alias)
            ? AwsReply.Json(Copy(alias), 201)
            : throw AwsException.Conflict($"Alias already exists: {function.Arn}:{name}");
    }

    private AwsReply Update(AwsRequest request)
    {
        var (function, alias) = Named(request);
        var body = request.Json();
        FakeFunctions.CheckRevision(body, alias["RevisionId"]!.GetValue<string>());
        alias = Copy(alias);
        if (body.ContainsKey("FunctionVersion"))
        {
            alias["FunctionVersion"] = Version(function, body);
        }

        Route(function, alias, body);

        if (body["Description"] is { } description)
        {
            alias["Description"] = description.DeepClone();
        }

        alias["RevisionId"] = Guid.NewGuid().ToString();
        function.Aliases[alias["Name"]!.GetValue<string>()] = alias;
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

    // A share of the calls for one other published version; a request that does not speak of it leaves it as it is
    // (https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html).
    private static void Route(FakeFunction function, JsonObject alias, JsonObject body)
    {
        if (body["RoutingConfig"] is not JsonObject routing)
        {
            return;
        }

        var weights = routing["AdditionalVersionWeights"] as JsonObject ?? [];
        foreach (var (version, weight) in weights)
        {
            _ = function.Qualified(version);
            if (weights.Count > 1 || version == "$LATEST" || alias["FunctionVersion"]!.GetValue<string>() is "$LATEST"
                || weight!.GetValue<double>() is < 0 or > 1)
            {
                throw AwsException.InvalidParameter(
                    "An alias routes to at most two published versions, with a weight from 0 to 1 for the additional one.");
            }
        }

        alias.Remove("RoutingConfig");
        if (weights.Count > 0)
        {
            alias["RoutingConfig"] = Copy(routing);
        }
    }

    private static JsonObject Copy(JsonObject json) => (JsonObject)json.DeepClone();
}
