namespace LambdaLayers.Containers.TestKit.Runtime;

/// <summary>What a function answered to one invocation.</summary>
/// <param name="RequestId">Of the invocation.</param>
/// <param name="Body">The response, or the error's JSON.</param>
/// <param name="ErrorType">Lambda-Runtime-Function-Error-Type; null when it was a response.</param>
/// <param name="IsError">Posted to …/error.</param>
public sealed record InvocationResult(string RequestId, string Body, string? ErrorType, bool IsError);
