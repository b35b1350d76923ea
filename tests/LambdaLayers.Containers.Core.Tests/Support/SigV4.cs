using System.Globalization;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.Extensions.Time.Testing;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>The test kit's verifier for single requests.</summary>
internal static class SigV4
{
    /// <summary>Throws unless the request is signed right with this secret, and gives "region/service" of its scope.</summary>
    public static string Verify(SeenRequest request, string secret = AwsEnvironment.Secret)
    {
        var credential = request.Authorization!.Split("Credential=")[1];
        var signedAt = DateTimeOffset.ParseExact(
            request.Header("X-Amz-Date")!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var verifier = new SignatureVerifier(new FakeTimeProvider(signedAt));
        verifier.Accept(new AwsKey(credential[..credential.IndexOf('/')], secret, request.Header("X-Amz-Security-Token")));
        var scope = verifier.Verify(request);
        return $"{scope.Region}/{scope.Service}";
    }
}
