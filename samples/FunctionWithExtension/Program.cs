var api = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");
if (string.IsNullOrEmpty(api))
{
    Console.Error.WriteLine("AWS_LAMBDA_RUNTIME_API is not set: start this in Lambda or in its runtime interface emulator.");
    return 1;
}

// From the zip layer.
var greeting = (await File.ReadAllTextAsync("/opt/greetings/en.txt")).Trim();
using var loop = new RuntimeLoop(api, name => $"\"{greeting}, {name.Trim('"')}!\"");
await loop.RunAsync();
return 0;
