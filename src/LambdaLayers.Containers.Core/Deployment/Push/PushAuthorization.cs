using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using LambdaLayers.Containers.Core.Aws.Ecr;

namespace LambdaLayers.Containers.Core.Deployment.Push;

/// <summary>
/// Signs this process's requests for one ECR registry until disposed, so that the .NET SDK can push there.
/// <para>
/// It hangs on the events that every HttpClient raises before it sends
/// (https://learn.microsoft.com/dotnet/fundamentals/networking/telemetry/tracing), where tracing libraries add headers
/// too. The SDK's own way, variables with user and password, would hand them to every process that is started
/// meanwhile: the SDK itself starts <c>docker info</c> before it pushes. This way the password is in memory only.
/// </para>
/// </summary>
internal sealed class PushAuthorization
    : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string ListenerName = "HttpHandlerDiagnosticListener";
    private const string RequestName = "System.Net.Http.HttpRequestOut";
    private const string StartName = RequestName + ".Start";

    private readonly string _host;
    private readonly AuthenticationHeaderValue _header;
    private readonly List<IDisposable> _subscriptions = [];

    private PushAuthorization(string host, EcrCredential credential)
    {
        _host = host;
        var pair = Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}");
        _header = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
    }

    /// <summary>Requests for <paramref name="host"/> over HTTPS carry <paramref name="credential"/> from now on.</summary>
    public static PushAuthorization Install(string host, EcrCredential credential)
    {
        var authorization = new PushAuthorization(host, credential);
        authorization.Add(DiagnosticListener.AllListeners.Subscribe(authorization));
        return authorization;
    }

    /// <summary>
    /// Whether HttpClient raises those events: a switch that some set to be rid of tracing headers turns them off.
    /// </summary>
    public static bool IsPossible(Func<string, string?> environment)
    {
        if (AppContext.TryGetSwitch("System.Net.Http.EnableActivityPropagation", out var enabled))
            return enabled;
        var variable = environment("DOTNET_SYSTEM_NET_HTTP_ENABLEACTIVITYPROPAGATION");
        return variable is not ("0" or "false" or "False" or "FALSE");
    }

    public void Dispose()
    {
        lock (_subscriptions)
        {
            foreach (var subscription in _subscriptions)
                subscription.Dispose();
            _subscriptions.Clear();
        }
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == ListenerName)
            Add(value.Subscribe(this, IsWanted));
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        // The payload's type is not public; its property is the documented contract.
        if (value.Key == StartName
            && value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) is HttpRequestMessage request
            && IsOurs(request))
            request.Headers.Authorization = _header;
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    // Asked first with the request, then for the event: nobody else's requests get tracing headers because of this.
    private bool IsWanted(string name, object? request, object? unused) => name switch
    {
        RequestName => request is null || IsOurs(request as HttpRequestMessage),
        StartName => true,
        _ => false,
    };

    // Each hop of a redirect comes by: storage behind a registry is another host and gets nothing.
    private bool IsOurs(HttpRequestMessage? request) =>
        request?.RequestUri is { Scheme: "https", IsDefaultPort: true } uri
        && uri.Host.Equals(_host, StringComparison.OrdinalIgnoreCase)
        && uri.AbsolutePath.StartsWith("/v2/", StringComparison.Ordinal);

    private void Add(IDisposable subscription)
    {
        lock (_subscriptions)
            _subscriptions.Add(subscription);
    }
}
