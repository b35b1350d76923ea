using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Tests.Aws;

/// <summary>Runs inside another load context, where all types of the engine are other ones.</summary>
public static class LoadContextProbe
{
    public static async Task CallAsync(string profile)
    {
        using var clients = new AwsClients(new AwsOptions(System.Environment.GetEnvironmentVariable) { Profile = profile });
        var lambda = clients.Lambda(AwsRegion.Parse("eu-central-1"));
        await lambda.GetFunctionAsync(new() { FunctionName = "f" }, default);
    }
}
