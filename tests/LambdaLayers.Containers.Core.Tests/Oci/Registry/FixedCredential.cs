using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>A credential for one registry, and none for any other.</summary>
internal sealed class FixedCredential(string registry, Func<CredentialScope, Credential> credential) : ICredentialSource
{
    public int Asked { get; private set; }

    public string Name => "a fixed credential";

    public static FixedCredential Password(string registry, string password = "p4ss-w0rd") =>
        new(registry, scope => new Credential(scope, "the test's own source") { Username = "reader", Password = password });

    public Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(scope.Registry == registry ? credential(scope) : null);
    }
}
