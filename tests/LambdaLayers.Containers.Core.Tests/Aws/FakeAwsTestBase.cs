using LambdaLayers.Containers.TestKit.Aws;

namespace LambdaLayers.Containers.Core.Tests.Aws;

/// <summary>Clients as a build has them, and a fake AWS that verifies, remembers and answers their requests.</summary>
public abstract class FakeAwsTestBase : AwsTestBase
{
    protected FakeAws Aws { get; private set; } = null!;

    /// <summary>Operations that change something, refused ones too, in the order of their calls.</summary>
    protected IReadOnlyList<string> Changes =>
    [
        .. Aws.Calls.Select(call => call.Operation).Where(operation =>
            !operation.StartsWith("Get", StringComparison.Ordinal) && !operation.StartsWith("Describe", StringComparison.Ordinal)),
    ];

    [SetUp]
    public async Task StartAws()
    {
        Aws = await FakeAws.StartAsync();
        foreach (var (name, value) in Aws.Key.Environment)
            Env.Set(name, value);
        Env.Set("AWS_ENDPOINT_URL", Aws.Url);
        // What is refused stays refused: the SDK's pauses before another try are real ones.
        Env.Set("AWS_MAX_ATTEMPTS", "1");
    }

    [TearDown]
    public async Task StopAws() => await Aws.DisposeAsync();

    /// <summary>The next call of an operation, or one after it, fails with an error of the service's model.</summary>
    protected void Refuse(string operation, string code, int status = 400, string message = "because", int after = 0) =>
        Aws.Fail(operation, new AwsException(status, code, message), after: after);
}
