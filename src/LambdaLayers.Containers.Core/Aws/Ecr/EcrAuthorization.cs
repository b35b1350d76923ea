using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Turns AWS credentials into a registry's user and password.</summary>
internal sealed class EcrAuthorization(IAwsClients clients, TimeProvider time)
{
    // What the documentation promises, for answers that do not say.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(12);

    /// <summary>A fresh token for pushing to and pulling from <paramref name="host"/>.</summary>
    public async Task<EcrCredential> GetAsync(EcrRegistryHost host, string? profile, CancellationToken cancellationToken)
    {
        var data = host.IsPublic
            ? await AskPublicAsync(profile, cancellationToken)
            : await AskPrivateAsync(host, profile, cancellationToken);
        var text = Decode(data?.AuthorizationToken);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
            throw RemoteErrors.EcrTokenUnusable(host.Host);
        return new EcrCredential(
            text[..colon], text[(colon + 1)..], data?.ExpiresAt ?? time.GetUtcNow() + UsualLifetime);
    }

    private async Task<AuthorizationData?> AskPublicAsync(string? profile, CancellationToken cancellationToken) =>
        (await clients.EcrPublic(profile).GetAuthorizationTokenAsync(cancellationToken)).AuthorizationData;

    private async Task<AuthorizationData?> AskPrivateAsync(
        EcrRegistryHost host, string? profile, CancellationToken cancellationToken)
    {
        var request = new GetAuthorizationTokenRequest();
        var answer = await clients.Ecr(host, profile).GetAuthorizationTokenAsync(request, cancellationToken);
        return answer.AuthorizationData is [var first, ..] ? first : null;
    }

    private static string Decode(string? token)
    {
        var bytes = new byte[token?.Length ?? 0];
        return Convert.TryFromBase64String(token ?? "", bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : "";
    }
}
