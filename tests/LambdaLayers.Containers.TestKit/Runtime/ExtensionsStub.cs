using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Runtime;

/// <summary>The Extensions API: register, event/next, init/error, exit/error.</summary>
internal sealed class ExtensionsStub(ConcurrentQueue<string> log)
{
    // Lambda starts at most ten.
    private const int Most = 10;

    private readonly Lock _gate = new();
    private readonly List<Extension> _extensions = [];
    private readonly SemaphoreSlim _ready = new(0);

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _extensions.Select(e => e.Name)];
            }
        }
    }

    public async Task WaitForReadyAsync(int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            await _ready.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Queues an event for every extension that registered for its type.</summary>
    public void Send(string type, JsonObject details)
    {
        details["eventType"] = type;
        Extension[] wanting;
        lock (_gate)
        {
            wanting = [.. _extensions.Where(e => e.Events.Contains(type))];
        }

        foreach (var extension in wanting)
        {
            extension.Queue.Writer.TryWrite((type, details.ToJsonString()));
        }
    }

    public Task HandleAsync(HttpContext context, string[] path, bool initialized) => (context.Request.Method, path) switch
    {
        ("POST", ["register"]) => Register(context, initialized),
        ("GET", ["event", "next"]) => Known(context, Next),
        ("POST", ["init" or "exit", "error"]) => Known(context, Error),
        _ => RuntimeApiStub.Answer(context, 404, """{"errorType":"NotFound"}"""),
    };

    private async Task Register(HttpContext context, bool initialized)
    {
        var name = context.Request.Headers["Lambda-Extension-Name"].ToString();
        var body = JsonNode.Parse(await RuntimeApiStub.Read(context))!;
        string[] events = [.. body["events"]?.AsArray().Select(e => e!.GetValue<string>()) ?? []];
        if (Refusal(name, events, initialized) is { } refusal)
        {
            await Refuse(context, refusal);
            return;
        }

        var extension = new Extension(Guid.NewGuid().ToString(), name, events);
        lock (_gate)
        {
            _extensions.Add(extension);
        }

        log.Enqueue($"register {name}");
        context.Response.Headers["Lambda-Extension-Identifier"] = extension.Id;
        await RuntimeApiStub.Answer(
            context, 200, """{"functionName":"under-test","functionVersion":"$LATEST","handler":"under-test"}""");
    }

    private string? Refusal(string name, string[] events, bool initialized)
    {
        lock (_gate)
        {
            return name.Length == 0 ? "Extension.InvalidExtensionName"
                : events.Any(e => e is not ("INVOKE" or "SHUTDOWN")) ? "Extension.InvalidEventType"
                : initialized ? "Extension.RegistrationClosed"
                : _extensions.Any(e => e.Name == name) ? "Extension.AlreadyRegistered"
                : _extensions.Count == Most ? "Extension.TooManyExtensions"
                : null;
        }
    }

    private async Task Next(HttpContext context, Extension extension)
    {
        if (Interlocked.Exchange(ref extension.Asked, 1) == 0)
        {
            log.Enqueue($"ready {extension.Name}");
            _ready.Release();
        }

        var (type, json) = await extension.Queue.Reader.ReadAsync(context.RequestAborted);
        log.Enqueue($"{type} {extension.Name}");
        context.Response.Headers["Lambda-Extension-Event-Identifier"] = Guid.NewGuid().ToString();
        await RuntimeApiStub.Answer(context, 200, json);
    }

    private async Task Error(HttpContext context, Extension extension)
    {
        log.Enqueue($"extension error {extension.Name} {context.Request.Headers["Lambda-Extension-Function-Error-Type"]}");
        await RuntimeApiStub.Answer(context, 202, """{"status":"OK"}""");
    }

    private Task Known(HttpContext context, Func<HttpContext, Extension, Task> handler)
    {
        var id = context.Request.Headers["Lambda-Extension-Identifier"].ToString();
        Extension? extension;
        lock (_gate)
        {
            extension = _extensions.Find(e => e.Id == id);
        }

        return extension is not null ? handler(context, extension)
            : Refuse(context, id.Length == 0 ? "Extension.MissingExtensionIdentifier" : "Extension.UnknownExtensionIdentifier");
    }

    private static Task Refuse(HttpContext context, string type) =>
        RuntimeApiStub.Answer(context, 403, new JsonObject { ["errorType"] = type, ["errorMessage"] = type }.ToJsonString());

    private sealed class Extension(string id, string name, string[] events)
    {
        public int Asked;

        public string Id { get; } = id;

        public string Name { get; } = name;

        public string[] Events { get; } = events;

        public Channel<(string Type, string Json)> Queue { get; } = Channel.CreateUnbounded<(string, string)>();
    }
}
