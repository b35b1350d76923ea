using System.Text;

// A function that is its own runtime: it asks the Lambda Runtime API for events and answers them
// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
var api = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");
if (string.IsNullOrEmpty(api))
{
    Console.Error.WriteLine("AWS_LAMBDA_RUNTIME_API is not set: start this in Lambda or in its runtime interface emulator.");
    return 1;
}

using var http = new HttpClient { BaseAddress = new Uri($"http://{api}/2018-06-01/runtime/"), Timeout = Timeout.InfiniteTimeSpan };
while (true)
{
    using var next = await http.GetAsync("invocation/next");
    next.EnsureSuccessStatusCode();
    var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").First();
    var name = (await next.Content.ReadAsStringAsync()).Trim().Trim('"');
    try
    {
        // From the zip layer layers/greetings.zip.
        var greeting = (await File.ReadAllTextAsync("/opt/greetings/en.txt")).Trim();
        using var answer = new StringContent($"\"{greeting}, {name}!\"", Encoding.UTF8, "application/json");
        (await http.PostAsync($"invocation/{id}/response", answer)).EnsureSuccessStatusCode();
    }
    catch (IOException e)
    {
        using var error = new StringContent(
            $$"""{"errorType":"{{e.GetType().Name}}","errorMessage":"The greetings layer is missing."}""",
            Encoding.UTF8, "application/json");
        (await http.PostAsync($"invocation/{id}/error", error)).EnsureSuccessStatusCode();
    }
}
