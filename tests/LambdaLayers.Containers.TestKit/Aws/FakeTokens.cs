using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>Where temporary credentials come from: STS (query protocol, XML) and the SSO portal.</summary>
public sealed class FakeTokens
{
    private readonly FakeAws _aws;

    internal FakeTokens(FakeAws aws)
    {
        _aws = aws;
        Routes =
        [
            new("sts", "AssumeRole", "POST", "/", AssumeRole) { Selector = ("Action", "AssumeRole") },
            new("sts", "AssumeRoleWithWebIdentity", "POST", "/", WebIdentity, Signed: false)
            {
                Selector = ("Action", "AssumeRoleWithWebIdentity"),
            },
            new("sts", "GetCallerIdentity", "POST", "/", CallerIdentity) { Selector = ("Action", "GetCallerIdentity") },
            new("sso", "GetRoleCredentials", "GET", "/federation/credentials", SsoCredentials, Signed: false),
        ];
    }

    /// <summary>Roles that may not be assumed.</summary>
    public ConcurrentBag<string> DeniedRoles { get; } = [];

    /// <summary>The web identity tokens that STS takes.</summary>
    public ConcurrentBag<string> WebIdentityTokens { get; } = [];

    /// <summary>The access tokens that the SSO portal takes.</summary>
    public ConcurrentBag<string> SsoAccessTokens { get; } = [];

    /// <summary>How long the credentials given out are good.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    internal IReadOnlyList<AwsRoute> Routes { get; }

    /// <summary>A field of a form body; null when the body is no form.</summary>
    internal static string? Form(AwsRequest request, string name)
    {
        var isForm = request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) == true;
        return isForm && QueryHelpers.ParseQuery(request.Text).TryGetValue(name, out var values) ? values.ToString() : null;
    }

    private Task<AwsReply> AssumeRole(AwsRequest request)
    {
        var role = Form(request, "RoleArn") ?? "";
        return DeniedRoles.Contains(role)
            ? throw new AwsException(403, "AccessDenied", $"User is not authorized to perform: sts:AssumeRole on resource: {role}")
            : Task.FromResult(Credentials("AssumeRole", role, Form(request, "RoleSessionName")));
    }

    private Task<AwsReply> WebIdentity(AwsRequest request)
    {
        var token = Form(request, "WebIdentityToken") ?? "";
        return WebIdentityTokens.Contains(token)
            ? Task.FromResult(Credentials("AssumeRoleWithWebIdentity", Form(request, "RoleArn"), Form(request, "RoleSessionName")))
            : throw new AwsException(400, "InvalidIdentityToken", "The web identity token could not be validated.");
    }

    private Task<AwsReply> CallerIdentity(AwsRequest request) => Task.FromResult(AwsReply.Xml(
        $"""
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>arn:aws:iam::{FakeAws.AccountId}:user/tester</Arn><UserId>{request.Scope.AccessKeyId}</UserId>
        <Account>{FakeAws.AccountId}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
        """));

    private Task<AwsReply> SsoCredentials(AwsRequest request)
    {
        if (!SsoAccessTokens.Contains(request.Header("x-amz-sso_bearer_token") ?? ""))
        {
            throw new AwsException(401, "UnauthorizedException", "Session token not found or invalid");
        }

        var key = Issue(request.Query("role_name") ?? "sso");
        return Task.FromResult(AwsReply.Json(new JsonObject
        {
            ["roleCredentials"] = new JsonObject
            {
                ["accessKeyId"] = key.AccessKeyId,
                ["secretAccessKey"] = key.SecretAccessKey,
                ["sessionToken"] = key.SessionToken,
                ["expiration"] = key.Expires!.Value.ToUnixTimeMilliseconds(),
            },
        }));
    }

    private AwsKey Issue(string name)
    {
        var key = AwsKey.Create(name, _aws.Clock.GetUtcNow() + Lifetime);
        _aws.Accept(key);
        return key;
    }

    private AwsReply Credentials(string action, string? role, string? session)
    {
        var key = Issue(action);
        var roleName = role?.Split('/')[^1];
        return AwsReply.Xml($"""
            <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>
            <AssumedRoleUser><Arn>arn:aws:sts::{FakeAws.AccountId}:assumed-role/{roleName}/{session}</Arn>
            <AssumedRoleId>AROA:{session}</AssumedRoleId></AssumedRoleUser>
            <Credentials><AccessKeyId>{key.AccessKeyId}</AccessKeyId><SecretAccessKey>{key.SecretAccessKey}</SecretAccessKey>
            <SessionToken>{key.SessionToken}</SessionToken><Expiration>{key.Expires:yyyy-MM-dd'T'HH:mm:ss'Z'}</Expiration></Credentials>
            </{action}Result><ResponseMetadata><RequestId>{Guid.NewGuid()}</RequestId></ResponseMetadata></{action}Response>
            """);
    }
}
