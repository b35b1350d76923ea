var api = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");
if (string.IsNullOrEmpty(api))
{
    Console.Error.WriteLine("AWS_LAMBDA_RUNTIME_API is not set: start this in Lambda or in its runtime interface emulator.");
    return 1;
}

// From the layer that the BuildCommand made.
var page = await File.ReadAllTextAsync("/opt/pages/index.html");
using var loop = new RuntimeLoop(api, _ => page);
await loop.RunAsync();
return 0;
