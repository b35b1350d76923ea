using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>
/// An environment of a test's own for AWSSDK.Core, which reads variables and files of the whole process. Fixtures that
/// use it must not run in parallel with others that do.
/// </summary>
internal sealed class AwsEnvironment : IDisposable
{
    public const string KeyId = "AKIDEXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    // AWSSDK.Core remembers these two places for as long as the process lives, so all tests, and all runs, share them in turn.
    private static readonly TempRoot Files = TempRoot.ForTheRun();
    private static readonly string ConfigFile = Files.File(".aws", "config");
    private static readonly string CredentialsFile = Files.File(".aws", "credentials");

    private static readonly string[] Proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];
    private readonly Dictionary<string, string?> _before = [];

    public AwsEnvironment()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().ToList())
        {
            if (name.StartsWith("AWS_", StringComparison.Ordinal) || Proxies.Contains(name.ToUpperInvariant()))
                Set(name, null);
        }

        Set("HOME", Root.Path);
        Set("USERPROFILE", Root.Path);
        FixFiles();
        // Else every test without credentials would wait for an address that nobody has.
        Set("AWS_EC2_METADATA_DISABLED", "true");
    }

    public TempRoot Root { get; } = new();

    public AwsEnvironment WithKeys(string? token = null)
    {
        Set("AWS_ACCESS_KEY_ID", KeyId);
        Set("AWS_SECRET_ACCESS_KEY", Secret);
        Set("AWS_SESSION_TOKEN", token);
        return this;
    }

    public void Config(string text) => File.WriteAllText(ConfigFile, text);

    public void AppendConfig(string text) => File.AppendAllText(ConfigFile, text);

    public void Credentials(string text) => File.WriteAllText(CredentialsFile, text);

    public void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Before AWSSDK.Core is used for the first time: it only takes files that exist then.</summary>
    public static void FixFiles()
    {
        File.WriteAllText(ConfigFile, "");
        File.WriteAllText(CredentialsFile, "");
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", ConfigFile);
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", CredentialsFile);
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
        Root.Dispose();
    }
}
