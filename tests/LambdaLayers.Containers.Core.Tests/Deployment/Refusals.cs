using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Lambda;

namespace LambdaLayers.Containers.Core.Tests.Deployment;

/// <summary>Failures as the clients report them.</summary>
internal static class Refusals
{
    public static AwsException Lambda(string operation, string code) => LambdaErrors.Refused(operation, code, "because");

    public static AwsException Ecr(string operation, string code) => EcrErrors.Refused(operation, code, "because");

    public static AwsException Denied(string action) => AwsErrors.AccessDenied(action, "not allowed");

    public static AwsException ImageDenied(string action)
    {
        const string Text = "Lambda does not have permission to access the ECR image. Check the ECR permissions.";
        return AwsErrors.AccessDenied(action, Text, LambdaErrors.KindOf(Text, AwsFailureKind.AccessDenied));
    }
}
