using System.Text;
using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>What a service answers: a status and a body of one of the protocols.</summary>
internal sealed record AwsReply(int Status, string ContentType, byte[] Body)
{
    public static AwsReply Json(JsonObject body, int status = 200, string contentType = "application/json") =>
        new(status, contentType, Encoding.UTF8.GetBytes(body.ToJsonString()));

    public static AwsReply Xml(string body, int status = 200) => new(status, "text/xml", Encoding.UTF8.GetBytes(body));

    public static AwsReply Empty(int status) => new(status, "application/json", []);

    /// <summary>A fault in the shape of the service's protocol.</summary>
    public static AwsReply Fault(string service, AwsException fault) => service switch
    {
        "ecr" or "ecr-public" => Json(
            new JsonObject { ["__type"] = fault.Code, ["message"] = fault.Message },
            fault.Code == "AccessDeniedException" ? 400 : fault.Status, "application/x-amz-json-1.1"),
        "sts" => Xml(
            $"""
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
            <Code>{QueryCode(fault.Code)}</Code><Message>{System.Security.SecurityElement.Escape(fault.Message)}</Message></Error>
            <RequestId>{Guid.NewGuid()}</RequestId></ErrorResponse>
            """,
            fault.Status),
        "sso" => Json(new JsonObject { ["message"] = fault.Message, ["__type"] = "com.amazonaws.switchboard.portal#" + fault.Code },
            fault.Status),
        _ => Json(
            new JsonObject { ["Type"] = fault.Status < 500 ? "User" : "Service", ["Message"] = fault.Message, ["message"] = fault.Message },
            fault.Status),
    };

    // The query protocol's codes have no suffix, and two of them other names.
    private static string QueryCode(string code) => code switch
    {
        "UnrecognizedClientException" => "InvalidClientTokenId",
        "InvalidSignatureException" => "SignatureDoesNotMatch",
        _ => code.EndsWith("Exception", StringComparison.Ordinal) ? code[..^"Exception".Length] : code,
    };
}
