using System.Net;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment;

/// <summary>Failures as the clients report them.</summary>
internal static class Refusals
{
    public static LayersException Lambda(string operation, string code, string text = "because") =>
        RemoteErrors.AwsLambdaRefused(operation, code, text, Failure(operation, code, HttpStatusCode.BadRequest, text));

    public static LayersException Ecr(string operation, string code) =>
        RemoteErrors.AwsEcrRefused(operation, code, "because", Failure(operation, code, HttpStatusCode.BadRequest, "because"));

    public static LayersException Denied(string action) => RemoteErrors.AwsAccessDenied(
        action, "not allowed", Failure(action, "AccessDeniedException", HttpStatusCode.Forbidden, "not allowed"));

    private static AwsServiceFailure Failure(string operation, string code, HttpStatusCode status, string text) =>
        new(operation, code, status, text, "request-1");
}
