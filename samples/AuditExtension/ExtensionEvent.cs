/// <summary>What Lambda tells an extension.</summary>
/// <param name="EventType">INVOKE or SHUTDOWN.</param>
/// <param name="DeadlineMs">Unix time, in milliseconds, until which there is time for it.</param>
/// <param name="RequestId">Of an INVOKE.</param>
/// <param name="InvokedFunctionArn">Of an INVOKE.</param>
/// <param name="ShutdownReason">Of a SHUTDOWN: spindown, timeout or failure.</param>
internal sealed record ExtensionEvent(
    string EventType, long DeadlineMs, string? RequestId, string? InvokedFunctionArn, string? ShutdownReason);
