using System.Reflection;

var api = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");
if (string.IsNullOrEmpty(api))
{
    Console.Error.WriteLine("AWS_LAMBDA_RUNTIME_API is not set: Lambda starts extensions, or its runtime interface emulator does.");
    return 1;
}

// Lambda knows an extension by its file's name, which is the assembly's.
var name = Assembly.GetEntryAssembly()!.GetName().Name!;
using var extension = await ExtensionClient.RegisterAsync(api, name, "INVOKE", "SHUTDOWN");
var invocations = 0;
while (await extension.NextAsync() is { EventType: "INVOKE" } next)
{
    invocations++;
    Console.WriteLine($"{name}: {next.InvokedFunctionArn} was invoked, request {next.RequestId}");
}

Console.WriteLine($"{name}: {invocations} invocations in all");
return 0;
