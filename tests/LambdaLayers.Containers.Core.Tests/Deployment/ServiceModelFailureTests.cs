using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Deployment.Functions;

namespace LambdaLayers.Containers.Core.Tests.Deployment;

/// <summary>
/// Every error that the service models (botocore's service-2.json) list for the operations used here, those of other codes'
/// bands aside (throttling, 5xx, access), and every reason for which a function fails.
/// </summary>
public sealed class ServiceModelFailureTests
{
    private static readonly string[] Known =
    [
        "LambdaKmsKey", "LambdaSubnets", "LambdaSecurityGroups", "LambdaImageEntryPoint", "LambdaImageWorkingDirectory",
        "ContainerEntrypoint", "ContainerWorkingDirectory",
    ];

    [TestCase("CodeSigningConfigNotFoundException", "LLC1307")]
    [TestCase("CodeStorageExceededException", "LLC1304")]
    [TestCase("CodeVerificationFailedException", "LLC1307")]
    [TestCase("FunctionVersionsPerCapacityProviderLimitExceededException", "LLC1308")]
    [TestCase("InvalidCodeSignatureException", "LLC1307")]
    [TestCase("InvalidParameterValueException", "LLC1302")]
    [TestCase("PreconditionFailedException", "LLC1303")]
    [TestCase("ResourceConflictException", "LLC1301")]
    [TestCase("ResourceNotFoundException", "LLC1300")]
    [TestCase("CodeArtifactUserDeletedException", "LLC1305")]
    [TestCase("CodeArtifactUserFailedException", "LLC1305")]
    [TestCase("CodeArtifactUserPendingException", "LLC1305")]
    public void Each_refusal_of_Lambda_has_its_own_message(string code, string expected)
    {
        var error = LambdaErrors.Refused("UpdateFunctionCode", code, "because");

        Assert.That(error.Diagnostic.Code, Is.EqualTo(expected));
    }

    [TestCase("ImageNotFoundException", "LLC1204")]
    [TestCase("InvalidParameterException", "LLC1206")]
    [TestCase("InvalidTagParameterException", "LLC1206")]
    [TestCase("KmsException", "LLC1203")]
    [TestCase("LimitExceededException", "LLC1202")]
    [TestCase("RepositoryAlreadyExistsException", "LLC1201")]
    [TestCase("RepositoryNotFoundException", "LLC1200")]
    [TestCase("RepositoryPolicyNotFoundException", "LLC1205")]
    [TestCase("ServerException", "LLC1209")]
    [TestCase("TooManyTagsException", "LLC1206")]
    [TestCase("UnableToGetUpstreamImageException", "LLC1215")]
    [TestCase("UnsupportedCommandException", "LLC1216")]
    public void Each_refusal_of_ECR_has_its_own_message(string code, string expected)
    {
        var error = EcrErrors.Refused("CreateRepository", code, "because");

        Assert.That(error.Diagnostic.Code, Is.EqualTo(expected));
    }

    [TestCase("EniLimitExceeded")]
    [TestCase("InsufficientRolePermissions")]
    [TestCase("InvalidConfiguration")]
    [TestCase("InternalError")]
    [TestCase("SubnetOutOfIPAddresses")]
    [TestCase("InvalidSubnet")]
    [TestCase("InvalidSecurityGroup")]
    [TestCase("ImageDeleted")]
    [TestCase("ImageAccessDenied")]
    [TestCase("InvalidImage")]
    [TestCase("KMSKeyAccessDenied")]
    [TestCase("KMSKeyNotFound")]
    [TestCase("InvalidStateKMSKey")]
    [TestCase("DisabledKMSKey")]
    [TestCase("EFSIOError")]
    [TestCase("EFSMountConnectivityError")]
    [TestCase("EFSMountFailure")]
    [TestCase("EFSMountTimeout")]
    [TestCase("FunctionError")]
    [TestCase("VcpuLimitExceeded")]
    [TestCase("CapacityProviderScalingLimitExceeded")]
    [TestCase("InsufficientCapacity")]
    [TestCase("EC2RequestLimitExceeded")]
    [TestCase("FunctionError.InitTimeout")]
    [TestCase("FunctionError.RuntimeInitError")]
    [TestCase("FunctionError.ExtensionInitError")]
    [TestCase("FunctionError.InvalidEntryPoint")]
    [TestCase("FunctionError.InvalidWorkingDirectory")]
    [TestCase("FunctionError.PermissionDenied")]
    [TestCase("FunctionError.TooManyExtensions")]
    [TestCase("FunctionError.InitResourceExhausted")]
    [TestCase("DisallowedByVpcEncryptionControl")]
    public void Each_reason_of_a_failed_function_comes_with_advice(string code)
    {
        // A target or property that advice names has to be one that there is.
        var names = Regex.Matches(FunctionErrors.Advice(code), @"\b(Lambda|Ecr|Container)[A-Z]\w+").Select(x => x.Value);

        Assert.That(FunctionErrors.Advice(code), Does.EndWith("."));
        Assert.That(names, Is.SubsetOf(Known));
    }
}
