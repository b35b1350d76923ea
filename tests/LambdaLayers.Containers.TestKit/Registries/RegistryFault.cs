using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// Something that goes wrong with some requests to an <see cref="EmbeddedRegistry"/> or through a <see cref="SlowProxy"/>.
/// </summary>
public sealed class RegistryFault
{
    private int _seen;

    /// <summary>Which requests; all by default.</summary>
    public Func<RegistryRequest, bool> When { get; init; } = _ => true;

    /// <summary>So many of them pass first.</summary>
    public int After { get; init; }

    /// <summary>So many are hit then.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Refused with this status, or null.</summary>
    public int? Status { get; init; }

    /// <summary>The Retry-After header of a refusal.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The connection is cut after so many bytes of the request's or of the response's body.</summary>
    public long? CutAfter { get; init; }

    /// <summary>Wait before it is answered.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Counts the request; whether it is hit.</summary>
    internal bool Hits(RegistryRequest request)
    {
        if (!When(request))
            return false;
        var number = Interlocked.Increment(ref _seen);
        return number > After && number <= After + (long)Times;
    }

    /// <summary>Does it; whether the request is answered with that.</summary>
    internal async Task<bool> ApplyAsync(HttpContext context, RegistryRequest request)
    {
        await Task.Delay(Delay, context.RequestAborted);
        if (CutAfter is { } bytes)
            request.CutAfter(bytes, context);
        if (Status is not { } status)
            return false;
        if (RetryAfter is not null)
            context.Response.Headers.RetryAfter = RetryAfter;
        await EmbeddedRegistry.ErrorAsync(context, status, status == 429 ? "TOOMANYREQUESTS" : "UNAVAILABLE", "not now");
        return true;
    }
}
