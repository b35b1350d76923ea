using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>What the shared config and credentials files say about a profile, for regions and for error messages.</summary>
internal static class AwsProfiles
{
    // Longer chains of source_profile than anyone writes; the SDK reports cycles itself.
    private const int MaximumChain = 8;

    /// <summary>The profile that is used when none is named: <c>AWS_PROFILE</c>, else <c>default</c>.</summary>
    public static string NameOrDefault(string? profile) =>
        profile ?? DefaultAWSCredentialsIdentityResolver.GetProfileName();

    /// <summary>The region that the profile sets, or null.</summary>
    public static AwsRegion? RegionOf(string? profile) =>
        Find(profile) is { Region.SystemName: var name } && AwsRegion.TryParse(name, out var region) ? region : null;

    public static bool Exists(string? profile) => Find(profile) is not null;

    /// <summary>
    /// The name of the profile whose sign-in the profile depends on: itself, or one on its chain of
    /// <c>source_profile</c>. Null when no sign-in is involved.
    /// </summary>
    public static string? SsoProfileOf(string? profile) =>
        Chain(profile).FirstOrDefault(p => p.Options.SsoSession is not null || p.Options.SsoStartUrl is not null)?.Name;

    /// <summary>Whether getting credentials would have to ask for a one-time code, which a build cannot.</summary>
    public static bool NeedsMfa(string? profile) => Chain(profile).Any(p => p.Options.MfaSerial is not null);

    /// <summary>Whether the profile was made by <c>aws login</c>.</summary>
    public static bool IsLogin(string? profile) => Chain(profile).Any(p => p.Options.LoginSession is not null);

    /// <summary>The names of all profiles, sorted.</summary>
    public static IReadOnlyList<string> Names() =>
        [.. new CredentialProfileStoreChain().ListProfiles().Select(p => p.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The secret keys and tokens that the files themselves hold; none when they cannot be read.</summary>
    public static IReadOnlyList<KnownSecret> Secrets()
    {
        try
        {
            return
            [
                .. from profile in new CredentialProfileStoreChain().ListProfiles()
                   from secret in (string?[])[profile.Options.SecretKey, profile.Options.Token]
                   where !string.IsNullOrEmpty(secret)
                   select new KnownSecret(secret, $"a key or token of the AWS profile '{DisplayText.Name(profile.Name)}'"),
            ];
        }
        catch (Exception e) when (FileErrors.Is(e) || e is InvalidDataException or FormatException)
        {
            return [];
        }
    }

    private static IEnumerable<CredentialProfile> Chain(string? profile)
    {
        var name = profile;
        for (var depth = 0; depth < MaximumChain && Find(name) is { } found; depth++)
        {
            yield return found;
            if (found.Options.SourceProfile is not { } source)
                yield break;
            name = source;
        }
    }

    /// <summary>The profile, or null when there is none or the files cannot be read.</summary>
    public static CredentialProfile? Find(string? profile)
    {
        try
        {
            return new CredentialProfileStoreChain().TryGetProfile(NameOrDefault(profile), out var found) ? found : null;
        }
        catch (Exception e) when (FileErrors.Is(e) || e is InvalidDataException or FormatException)
        {
            // A broken file: whoever asks for credentials gets the error; here it is the same as having none.
            return null;
        }
    }
}
