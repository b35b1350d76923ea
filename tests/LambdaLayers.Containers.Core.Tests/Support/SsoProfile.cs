using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>A profile <c>sso</c> as <c>aws configure sso</c> and <c>aws sso login</c> leave it.</summary>
internal static class SsoProfile
{
    public static void Write(AwsEnvironment env, DateTime? tokenExpires)
    {
        env.Config("""
            [profile sso]
            sso_session = work
            sso_account_id = 123456789012
            sso_role_name = Deploy
            [sso-session work]
            sso_region = eu-west-1
            sso_start_url = https://work.awsapps.com/start
            sso_registration_scopes = sso:account:access
            """);
        if (tokenExpires is not { } expires)
            return;
#pragma warning disable CA5350 // The AWS CLI names the file so.
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("work")));
#pragma warning restore CA5350
        env.Root.Write($".aws/sso/cache/{name}.json", $$"""
            {"startUrl":"https://work.awsapps.com/start","region":"eu-west-1","accessToken":"sso-access-token",
             "expiresAt":"{{expires.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}}"}
            """);
    }

    public static string RoleCredentials(string secret) => $$"""
        {"roleCredentials":{"accessKeyId":"SSOKEY","secretAccessKey":"{{secret}}","sessionToken":"t","expiration":4070908800000} }
        """;
}
