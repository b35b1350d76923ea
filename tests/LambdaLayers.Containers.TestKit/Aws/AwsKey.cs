namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>Credentials that the fake accepts.</summary>
/// <param name="AccessKeyId">AKIA… for a user, ASIA… for a session.</param>
/// <param name="SecretAccessKey">Signs the requests, is never on the wire.</param>
/// <param name="SessionToken">Has to be sent too when there is one.</param>
/// <param name="Expires">After that, ExpiredTokenException.</param>
public sealed record AwsKey(
    string AccessKeyId, string SecretAccessKey, string? SessionToken = null, DateTimeOffset? Expires = null)
{
    /// <summary>The variables that hand these credentials to a process.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["AWS_ACCESS_KEY_ID"] = AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = SecretAccessKey,
        ["AWS_SESSION_TOKEN"] = SessionToken,
    };

    /// <summary>New credentials nobody else has; <paramref name="expires"/> makes them a session's.</summary>
    public static AwsKey Create(string name, DateTimeOffset? expires = null) => expires is null
        ? new($"AKIA{Id(16)}", $"secret-{name}-{Id(20)}")
        : new($"ASIA{Id(16)}", $"secret-{name}-{Id(20)}", $"token-{name}-{Id(32)}", expires);

    private static string Id(int length) => Guid.NewGuid().ToString("N").ToUpperInvariant()[..length];
}
