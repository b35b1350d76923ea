namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>What a fake server was asked.</summary>
/// <param name="Host">The Host header.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Authorization">The header, or null.</param>
public sealed record SeenRequest(string Method, string Host, string Target, string? Authorization, string? Range, string Body);
