using System.Net.Http.Json;

/// <summary>
/// Lambda's Extensions API, as far as an extension of its own process needs it
/// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html).
/// </summary>
internal sealed class ExtensionClient : IDisposable
{
    private const string Identifier = "Lambda-Extension-Identifier";

    private readonly HttpClient _http;

    private ExtensionClient(string api) => _http = new HttpClient
    {
        BaseAddress = new Uri($"http://{api}/2020-01-01/extension/"),
        // The next event may be hours away: Lambda freezes the process in between.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Registers under the extension's file name, for INVOKE, SHUTDOWN or both.</summary>
    public static async Task<ExtensionClient> RegisterAsync(string api, string name, params string[] events)
    {
        var client = new ExtensionClient(api);
        using var request = new HttpRequestMessage(HttpMethod.Post, "register")
        {
            Content = JsonContent.Create(new Registration(events), ExtensionJson.Default.Registration),
        };
        request.Headers.Add("Lambda-Extension-Name", name);
        using var response = await client._http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        client._http.DefaultRequestHeaders.Add(Identifier, response.Headers.GetValues(Identifier));
        return client;
    }

    /// <summary>Waits for the next event. The first call tells Lambda that the extension is ready.</summary>
    public async Task<ExtensionEvent> NextAsync() =>
        (await _http.GetFromJsonAsync("event/next", ExtensionJson.Default.ExtensionEvent))!;

    public void Dispose() => _http.Dispose();
}
