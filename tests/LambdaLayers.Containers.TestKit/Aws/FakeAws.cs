using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>
/// Lambda, ECR, ECR Public, STS and the SSO portal on one loopback port, for clients whose endpoint is overridden. Every signed
/// request is verified from its bytes; the credential scope tells the services apart.
/// </summary>
public sealed class FakeAws : IAsyncDisposable
{
    /// <summary>The account of everybody who has keys here.</summary>
    public const string AccountId = "123456789012";

    private readonly ConcurrentQueue<AwsCall> _calls = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task<int>>?>> _failures = new();
    private readonly SignatureVerifier _signatures;
    private readonly AwsRouter _router;
    private int _number;
    private LoopbackServer? _server;

    private FakeAws(TimeProvider clock)
    {
        Clock = clock;
        _signatures = new SignatureVerifier(Clock);
        Downloads = new FakeDownloads(this);
        Layers = new FakeLayers(this);
        Functions = new FakeFunctions();
        Ecr = new FakeEcr(this);
        Tokens = new FakeTokens(this);
        _router = new AwsRouter([.. Layers.Routes, .. Functions.Routes, .. Ecr.Routes, .. Tokens.Routes]);
        Key = AwsKey.Create("default");
        Accept(Key);
    }

    /// <summary>For AWS_ENDPOINT_URL and --endpoint-url.</summary>
    public string Url => _server!.Url;

    /// <summary>A user's keys, accepted from the start.</summary>
    public AwsKey Key { get; }

    /// <summary>The service's clock; a fake one that is moved makes the client's look wrong, and ends what expires.</summary>
    public TimeProvider Clock { get; }

    public FakeLayers Layers { get; }

    public FakeFunctions Functions { get; }

    public FakeEcr Ecr { get; }

    /// <summary>STS and the SSO portal.</summary>
    public FakeTokens Tokens { get; }

    /// <summary>Every request in the order of arrival.</summary>
    public IReadOnlyList<AwsCall> Calls => [.. _calls.OrderBy(call => call.Number)];

    public int RequestCount => _calls.Count;

    internal FakeDownloads Downloads { get; }

    public static Task<FakeAws> StartAsync() => StartAsync(TimeProvider.System);

    public static async Task<FakeAws> StartAsync(TimeProvider clock)
    {
        var aws = new FakeAws(clock);
        aws._server = await LoopbackServer.StartAsync(aws.HandleAsync);
        return aws;
    }

    /// <summary>Variables with which AWS SDKs and the AWS CLI use this fake.</summary>
    public Dictionary<string, string?> Environment(string region = "us-east-1") => new(Key.Environment)
    {
        ["AWS_ENDPOINT_URL"] = Url,
        ["AWS_REGION"] = region,
        ["AWS_DEFAULT_REGION"] = region,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    /// <summary>Accepts requests signed with these keys from now on.</summary>
    public void Accept(AwsKey key)
    {
        _signatures.Accept(key);
        SecretWatch.Allow(key.SecretAccessKey, static _ => false);
        SecretWatch.Allow(key.SessionToken, server => server == _server);
    }

    /// <summary>No longer accepts them.</summary>
    public void Revoke(AwsKey key) => _signatures.Revoke(key);

    /// <summary>Forgets the calls so far.</summary>
    public void ClearCalls() => _calls.Clear();

    /// <summary>The next calls of an operation (such as "CreateFunction") fail with this error, before it does anything.</summary>
    /// <param name="operation">As in the service's model.</param>
    /// <param name="error">The refusal.</param>
    /// <param name="times">So many calls.</param>
    /// <param name="after">So many calls before them are answered as ever.</param>
    public void Fail(string operation, AwsException error, int times = 1, int after = 0)
    {
        Plan(operation, after, null);
        Plan(operation, times, _ => throw error);
    }

    /// <summary>The next calls of an operation get this instead of an answer, a gateway's HTML page for one.</summary>
    public void Answer(string operation, int status, string contentType, string body, int times = 1) =>
        Plan(operation, times, context =>
            Task.FromResult(Write(context, new AwsReply(status, contentType, Encoding.UTF8.GetBytes(body)), null)));

    /// <summary>The connection of the next calls of an operation is cut.</summary>
    public void Cut(string operation, int times = 1) => Plan(operation, times, context =>
    {
        context.Abort();
        return Task.FromResult(0);
    });

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        Layers.Dispose();
    }

    // Null: answered as ever.
    private void Plan(string operation, int times, Func<HttpContext, Task<int>>? failure)
    {
        var queue = _failures.GetOrAdd(operation, _ => new());
        for (var i = 0; i < times; i++)
        {
            queue.Enqueue(failure);
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref _number);
        context.Response.Headers.Date = Clock.GetUtcNow().ToString("r");
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        var request = await AwsRequest.ReadAsync(context);
        var route = _router.Find(request);
        var status = 0;
        string? error = null;
        try
        {
            status = await AnswerAsync(request, route);
        }
        catch (AwsException e)
        {
            error = e.Code;
            status = Write(context, AwsReply.Fault(route.Service, e), e);
        }
        finally
        {
            _calls.Enqueue(new AwsCall(
                number, route.Service, route.Operation, request.Scope.Region, request.Scope.AccessKeyId, status, error,
                request.RawTarget, request.Text));
        }
    }

    private async Task<int> AnswerAsync(AwsRequest request, AwsRoute route)
    {
        if (route.Signed)
        {
            request.Scope = _signatures.Verify(request.Seen);
            if (request.Scope.Service != route.Service)
            {
                throw new AwsException(
                    403, "InvalidSignatureException", $"Credential should be scoped to correct service: '{route.Service}'.");
            }
        }

        if (_failures.TryGetValue(route.Operation, out var failures) && failures.TryDequeue(out var failure) && failure is not null)
        {
            return await failure(request.Context);
        }

        if (route.Handler is null)
        {
            return await Downloads.AnswerAsync(request.Context);
        }

        return Write(request.Context, await route.Handler(request), null);
    }

    // Sent when the request's handling ends, so that who has the response finds the call among those that were made.
    private static int Write(HttpContext context, AwsReply reply, AwsException? error)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        if (error is not null)
        {
            context.Response.Headers["x-amzn-ErrorType"] = error.Code;
        }

        if (error?.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (reply.Status != 204)
        {
            context.Response.ContentLength = reply.Body.Length;
            context.Response.BodyWriter.Write(reply.Body);
        }

        return reply.Status;
    }
}
