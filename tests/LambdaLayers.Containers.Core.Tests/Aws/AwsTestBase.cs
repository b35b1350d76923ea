using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Aws;

/// <summary>A loopback "AWS", an environment of its own, and clients that call it.</summary>
[NonParallelizable]
public abstract class AwsTestBase
{
    private readonly List<IDisposable> _disposables = [];

    internal static readonly AwsRegion Frankfurt = AwsRegion.Parse("eu-central-1");

    internal static readonly EcrRegistryHost FrankfurtRegistry =
        EcrRegistryHost.Parse("123456789012.dkr.ecr.eu-central-1.amazonaws.com");

    internal AwsEnvironment Env { get; private set; } = null!;

    [SetUp]
    public void MakeEnvironment() => Env = new AwsEnvironment();

    [TearDown]
    public void DisposeAll()
    {
        Env.Dispose();
        foreach (var disposable in Enumerable.Reverse(_disposables))
            disposable.Dispose();
        _disposables.Clear();
    }

    internal T Own<T>(T disposable)
        where T : IDisposable
    {
        _disposables.Add(disposable);
        return disposable;
    }

    internal FakeServer Serve(Func<SeenRequest, HttpResponse, Task> handler) => Own(FakeServer.Start(handler));

    internal FakeServer ServeLambda(Func<SeenRequest, HttpResponse, Task> handler)
    {
        var server = Serve(handler);
        Env.Set("AWS_ENDPOINT_URL_LAMBDA", server.Address.AbsoluteUri);
        return server;
    }

    internal AwsClients Clients(string? profile = null, AwsRegion? region = null) =>
        Own(new AwsClients(new AwsOptions(System.Environment.GetEnvironmentVariable) { Profile = profile, Region = region }));

    /// <summary>Any call at all.</summary>
    internal static Task<GetFunctionResponse> CallAsync(LambdaClient client) =>
        client.GetFunctionAsync(new GetFunctionRequest { FunctionName = "f" }, default);
}
