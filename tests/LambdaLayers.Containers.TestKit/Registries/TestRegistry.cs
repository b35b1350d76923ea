using System.Security.Cryptography.X509Certificates;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>A registry of a test's own, open at its back door and guarded as the test wants at its front.</summary>
public interface ITestRegistry : IAsyncDisposable
{
    int Port { get; }

    /// <summary>"localhost:PORT": what image references use.</summary>
    string Host { get; }

    /// <summary>The same content over plain HTTP, without a log-in and without being counted: for filling and for looking.</summary>
    Uri Uncounted { get; }
}

/// <summary>Which registry it is.</summary>
public enum RegistryKind
{
    /// <summary>The kit's own: always there.</summary>
    Embedded,

    /// <summary>Debian's docker-registry; without it the test is skipped.</summary>
    Docker,
}

/// <summary>How a registry guards its front: plain HTTP without a log-in by default.</summary>
public sealed record RegistryGuard
{
    /// <summary>The user that htpasswd files and token services here know.</summary>
    public const string User = "reader";

    /// <summary>That user's password.</summary>
    public const string Password = "c0rrect-h0rse";

    /// <summary>The password that this one takes; that of all others by default.</summary>
    public string OwnPassword { get; init; } = Password;

    /// <summary>TLS with this certificate and its key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Basic authentication of the one user.</summary>
    public bool Htpasswd { get; init; }

    /// <summary>Bearer tokens of this service, which clients find at its <see cref="TokenServer.Realm"/>.</summary>
    public TokenServer? Tokens { get; init; }
}

/// <summary>Starts registries of either kind in the same way.</summary>
public static class TestRegistry
{
    public static async Task<ITestRegistry> StartAsync(RegistryKind kind, RegistryGuard? guard = null) =>
        kind == RegistryKind.Docker ? await DockerRegistry.StartAsync(guard) : await EmbeddedRegistry.StartAsync(guard);
}
