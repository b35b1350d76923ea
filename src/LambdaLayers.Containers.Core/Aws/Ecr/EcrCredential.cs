namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>User and password of an ECR registry. Printing it shows no secret.</summary>
internal sealed record EcrCredential(string UserName, string Password, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"{UserName}, expires {ExpiresAt:u}";
}
