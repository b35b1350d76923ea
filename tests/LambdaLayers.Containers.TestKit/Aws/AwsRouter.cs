namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>Finds the operation of a request by method, path and, for services with one path, header or form field.</summary>
internal sealed class AwsRouter(IReadOnlyList<AwsRoute> routes)
{
    private static readonly AwsRoute Download = new("s3", "GetObject", "GET", "/s3/{*}", null, Signed: false);

    public AwsRoute Find(AwsRequest request) =>
        routes.Append(Download).FirstOrDefault(route => Fits(route, request)) ?? Unknown(request);

    /// <summary>A decoded path segment by its position, counted from 0.</summary>
    public static string Segment(AwsRequest request, int index) =>
        Uri.UnescapeDataString(request.RawPath.Split('/')[index + 1]);

    private static bool Fits(AwsRoute route, AwsRequest request) =>
        route.Method == request.Method
        && PathFits(route.Pattern.Split('/'), request.RawPath.Split('/'))
        && (route.Selector is not { } selector || Selects(selector, request));

    private static bool PathFits(string[] pattern, string[] path)
    {
        var open = pattern[^1] == "{*}";
        if (open ? path.Length < pattern.Length : path.Length != pattern.Length)
        {
            return false;
        }

        return pattern.Zip(path).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0));
    }

    private static bool Selects((string Name, string Value) selector, AwsRequest request) => selector.Name switch
    {
        "find" => request.Query("find") == selector.Value,
        "Action" => FakeTokens.Form(request, "Action") == selector.Value,
        _ => request.Header(selector.Name) == selector.Value,
    };

    // Answered in the shape of the service that the client believes to talk to, after its signature was verified.
    private static AwsRoute Unknown(AwsRequest request)
    {
        var scope = request.Header("Authorization")?.Split('/');
        var service = scope is { Length: > 3 } ? scope[3] : "lambda";
        return new AwsRoute(service, "?", request.Method, request.RawPath, _ => throw new AwsException(
            404, "UnknownOperationException", $"The fake has no {request.Method} {request.RawPath}"));
    }
}
