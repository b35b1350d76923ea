using System.Text;
using LambdaLayers.Containers.Core.Aws.Ecr.Model;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>User and password of an ECR registry. Printing it shows no secret.</summary>
internal sealed record EcrCredential(string UserName, string Password, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"{UserName}, expires {ExpiresAt:u}";
}

/// <summary>Turns AWS credentials into a registry's user and password.</summary>
internal sealed class EcrAuthorization(AwsClients clients, TimeProvider time)
{
    // What the documentation promises, for responses that do not say.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(12);

    /// <summary>A fresh token for pushing to and pulling from <paramref name="host"/>.</summary>
    public async Task<EcrCredential> GetAsync(EcrRegistryHost host, string? profile, CancellationToken cancellationToken)
    {
        var data = await AskAsync(host, profile, cancellationToken);
        var text = Decode(data?.AuthorizationToken);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
            throw EcrErrors.TokenUnusable(host.Host);
        return new EcrCredential(
            text[..colon], text[(colon + 1)..], data?.ExpiresAt ?? time.GetUtcNow() + UsualLifetime);
    }

    private async Task<AuthorizationData?> AskAsync(
        EcrRegistryHost host, string? profile, CancellationToken cancellationToken)
    {
        var request = new GetAuthorizationTokenRequest();
        if (host.IsPublic)
            return (await clients.EcrPublic(profile).GetAuthorizationTokenAsync(request, cancellationToken))
                .AuthorizationData;
        var response = await clients.Ecr(host, profile).GetAuthorizationTokenAsync(request, cancellationToken);
        return response.AuthorizationData is [var first, ..] ? first : null;
    }

    private static string Decode(string? token)
    {
        var bytes = new byte[token?.Length ?? 0];
        return Convert.TryFromBase64String(token ?? "", bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : "";
    }
}
