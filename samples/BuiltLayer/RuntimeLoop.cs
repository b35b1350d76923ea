using System.Text;

/// <summary>
/// Asks the Lambda Runtime API for events and answers them
/// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html): what Amazon.Lambda.RuntimeSupport does for you, in small.
/// </summary>
internal sealed class RuntimeLoop(string api, Func<string, string> handle) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri($"http://{api}/2018-06-01/runtime/invocation/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Runs until Lambda ends the process.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            using var next = await _http.GetAsync("next");
            next.EnsureSuccessStatusCode();
            var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").First();
            var answer = handle(await next.Content.ReadAsStringAsync());
            using var content = new StringContent(answer, Encoding.UTF8, "text/html");
            using var response = await _http.PostAsync($"{id}/response", content);
            response.EnsureSuccessStatusCode();
        }
    }

    public void Dispose() => _http.Dispose();
}
