using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>How a <see cref="DockerRegistry"/> guards itself; plain HTTP without a log-in by default.</summary>
public sealed record DockerRegistryOptions
{
    /// <summary>A PEM file with certificate chain and key, from <see cref="WritePem"/>.</summary>
    public (string Certificate, string Key)? Tls { get; init; }

    /// <summary>A file made by <c>htpasswd -B</c>.</summary>
    public string? HtpasswdFile { get; init; }

    /// <summary>Realm, and the PEM file of the authority that signs tokens.</summary>
    public (string Realm, string RootCertificates)? Tokens { get; init; }

    /// <summary>Writes a certificate and its key where docker-registry reads them.</summary>
    public static (string Certificate, string Key) WritePem(TempRoot root, X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        return (root.Write("tls/server.crt", certificate.ExportCertificatePem()),
            root.Write("tls/server.key", key.ExportPkcs8PrivateKeyPem()));
    }

    internal string ToYaml(string data, int port)
    {
        var yaml = new StringBuilder($$"""
            version: 0.1
            log:
              level: warn
            storage:
              filesystem:
                rootdirectory: {{data}}
            http:
              addr: 127.0.0.1:{{port}}

            """);
        if (Tls is var (certificate, key))
            yaml.Append($"  tls:\n    certificate: {certificate}\n    key: {key}\n");
        if (HtpasswdFile is not null)
            yaml.Append($"auth:\n  htpasswd:\n    realm: test\n    path: {HtpasswdFile}\n");
        if (Tokens is var (realm, roots))
            yaml.Append($"auth:\n  token:\n    realm: {realm}\n    service: {TokenServer.Service}\n")
                .Append($"    issuer: {TokenServer.Issuer}\n    rootcertbundle: {roots}\n");
        return yaml.ToString();
    }
}
