using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Runtime;

/// <summary>
/// Lambda's Runtime API and Extensions API on loopback. Who runs the image starts the extensions, awaits
/// <see cref="WaitForExtensionsAsync"/>, and only then starts the runtime, as Lambda does.
/// </summary>
public sealed class RuntimeApiStub : IAsyncDisposable
{
    private const string InvokedArn = "arn:aws:lambda:us-east-1:123456789012:function:under-test";

    private readonly Channel<(string Id, string Payload)> _invocations = Channel.CreateUnbounded<(string, string)>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResult>> _results = new();
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentQueue<Uri> _subscribers = new();
    private readonly TaskCompletionSource _runtimeReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExtensionsStub _extensions;
    private LoopbackServer? _server;

    private RuntimeApiStub() => _extensions = new ExtensionsStub(_log);

    /// <summary>host:port for AWS_LAMBDA_RUNTIME_API.</summary>
    public string Address => $"127.0.0.1:{_server!.Port}";

    /// <summary>
    /// What happened, in order: "register NAME", "ready NAME", "runtime next", "INVOKE NAME", "response ID", "error ID TYPE",
    /// "init error TYPE", "SHUTDOWN NAME", "extension error NAME TYPE".
    /// </summary>
    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>Names of the registered extensions in the order of registration.</summary>
    public IReadOnlyList<string> Extensions => _extensions.Names;

    public static async Task<RuntimeApiStub> StartAsync()
    {
        var stub = new RuntimeApiStub();
        stub._server = await LoopbackServer.StartAsync(stub.HandleAsync);
        return stub;
    }

    /// <summary>Waits until so many extensions have registered and asked for their first event.</summary>
    public Task WaitForExtensionsAsync(int count, CancellationToken cancellationToken) =>
        _extensions.WaitForReadyAsync(count, cancellationToken);

    /// <summary>Sends one event to the function, and INVOKE to the extensions that asked for it; gives the function's answer.</summary>
    public async Task<InvocationResult> InvokeAsync(string payload, CancellationToken cancellationToken)
    {
        // Init ends when the runtime asks for its first event; nobody hears of an invocation before.
        await _runtimeReady.Task.WaitAsync(cancellationToken);
        var id = Guid.NewGuid().ToString();
        var result = new TaskCompletionSource<InvocationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _results[id] = result;
        _extensions.Send("INVOKE", new JsonObject
        {
            ["requestId"] = id,
            ["invokedFunctionArn"] = InvokedArn,
            ["deadlineMs"] = Deadline(),
            ["tracing"] = new JsonObject { ["type"] = "X-Amzn-Trace-Id", ["value"] = "Root=1-0-0;Sampled=0" },
        });
        await _invocations.Writer.WriteAsync((id, payload), cancellationToken);
        return await result.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Sends SHUTDOWN to the extensions that asked for it.</summary>
    public void Shutdown(string reason = "spindown") => _extensions.Send(
        "SHUTDOWN", new JsonObject { ["shutdownReason"] = reason, ["deadlineMs"] = Deadline() });

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    /// <summary>Sends a line that the function printed to every extension that subscribed to it by the Telemetry API.</summary>
    public async Task SendLogAsync(string line, CancellationToken cancellationToken)
    {
        var record = new JsonArray(new JsonObject
        {
            ["time"] = DateTimeOffset.UtcNow.ToString("O"),
            ["type"] = "function",
            ["record"] = line,
        }).ToJsonString();
        foreach (var subscriber in _subscribers)
        {
            using var body = new StringContent(record, Encoding.UTF8, "application/json");
            using var answer = await Http.PostAsync(subscriber, body, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static long Deadline() => DateTimeOffset.UtcNow.AddSeconds(30).ToUnixTimeMilliseconds();

    private Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Trim('/').Split('/');
        return (context.Request.Method, path) switch
        {
            ("GET", ["2018-06-01", "runtime", "invocation", "next"]) => Next(context),
            ("POST", ["2018-06-01", "runtime", "invocation", var id, "response"]) => Complete(context, id, isError: false),
            ("POST", ["2018-06-01", "runtime", "invocation", var id, "error"]) => Complete(context, id, isError: true),
            ("POST", ["2018-06-01", "runtime", "init", "error"]) => InitError(context),
            (_, ["2020-01-01", "extension", .. var rest]) => _extensions.HandleAsync(context, rest, _runtimeReady.Task.IsCompleted),
            ("PUT", ["2022-07-01", "telemetry"]) => Subscribe(context),
            ("PUT", ["2020-08-15", "logs"]) => Answer(context, 200, "\"OK\""),
            _ => Answer(context, 404, """{"errorType":"NotFound"}"""),
        };
    }

    private async Task Next(HttpContext context)
    {
        _log.Enqueue("runtime next");
        _runtimeReady.TrySetResult();
        var (id, payload) = await _invocations.Reader.ReadAsync(context.RequestAborted);
        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = id;
        headers["Lambda-Runtime-Deadline-Ms"] = Deadline().ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = InvokedArn;
        headers["Lambda-Runtime-Trace-Id"] = "Root=1-0-0;Sampled=0";
        await Answer(context, 200, payload);
    }

    // The name of the environment itself, which only resolves in there.
    private async Task Subscribe(HttpContext context)
    {
        var destination = JsonNode.Parse(await Read(context))!["destination"]!["URI"]!.GetValue<string>();
        _subscribers.Enqueue(new UriBuilder(destination) { Host = "127.0.0.1" }.Uri);
        _log.Enqueue("telemetry");
        await Answer(context, 200, "\"OK\"");
    }

    private async Task Complete(HttpContext context, string id, bool isError)
    {
        var body = await Read(context);
        var type = context.Request.Headers["Lambda-Runtime-Function-Error-Type"].FirstOrDefault();
        if (!_results.TryRemove(id, out var result))
        {
            await Answer(context, 400, """{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}""");
            return;
        }

        _log.Enqueue(isError ? $"error {id} {type}" : $"response {id}");
        await Answer(context, 202, """{"status":"OK"}""");
        result.SetResult(new InvocationResult(id, body, type, isError));
    }

    private async Task InitError(HttpContext context)
    {
        var body = await Read(context);
        _log.Enqueue($"init error {context.Request.Headers["Lambda-Runtime-Function-Error-Type"]} {body}");
        await Answer(context, 202, """{"status":"OK"}""");
    }

    internal static async Task<string> Read(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }

    internal static async Task Answer(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }
}
