using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>A credential for one registry, and none for any other.</summary>
internal sealed class FixedCredential(string registry, Credential credential) : ICredentialSource
{
    public int Asked { get; private set; }

    public string Name => "a fixed credential";

    public static FixedCredential Password(string registry, string password = "p4ss-w0rd") =>
        new(registry, new Credential("the test's own source") { Username = "reader", Password = password });

    public Task<Credential?> GetAsync(string asked, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(asked == registry ? credential : null);
    }
}
