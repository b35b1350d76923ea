using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Verification.Leaks;

/// <summary>
/// Every credential of whoever builds that can be known without asking anybody: variables, AWS's shared files, log-in
/// files, and what this build has used so far.
/// </summary>
internal static class KnownSecrets
{
    // AWS's own, and those by which CI systems let a job act for its repository.
    private static readonly string[] Variables =
    [
        "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK", "GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_RUNTIME_TOKEN",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "CI_JOB_TOKEN",
        "CI_REGISTRY_PASSWORD", "SYSTEM_ACCESSTOKEN", "NPM_TOKEN", "NODE_AUTH_TOKEN", "NUGET_API_KEY",
    ];

    /// <summary>The secrets, each once.</summary>
    public static async Task<IReadOnlyList<KnownSecret>> FindAsync(
        Func<string, string?> environment, AwsClients aws, IReadOnlyList<CredentialChain> logins) =>
    [
        .. Variables.Where(name => environment(name) is { Length: > 0 })
            .Select(name => new KnownSecret(environment(name)!, $"the value of the variable {name}"))
            .Concat(RegistryCredentials.Secrets(environment, TimeProvider.System))
            .Concat(logins.SelectMany(chain => chain.Secrets))
            .Concat(await aws.SecretsAsync())
            .DistinctBy(secret => secret.Value),
    ];
}
