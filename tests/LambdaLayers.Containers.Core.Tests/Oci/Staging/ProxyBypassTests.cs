using System.Net;
using LambdaLayers.Containers.Core.Oci.Staging;

namespace LambdaLayers.Containers.Core.Tests.Oci.Staging;

[NonParallelizable]
public sealed class ProxyBypassTests
{
    private static readonly Uri Proxy = new("http://127.0.0.1:9");
    private IWebProxy _before = null!;

    [SetUp]
    public void SetProxy()
    {
        _before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(Proxy);
    }

    [TearDown]
    public void RestoreProxy() => HttpClient.DefaultProxy = _before;

    [Test]
    public void Only_the_installed_ports_go_around_the_proxy()
    {
        using var bypass = ProxyBypass.Install(5001);

        Assert.That(HttpClient.DefaultProxy.GetProxy(new Uri("http://localhost:5001/v2/")), Is.Null);
        Assert.That(HttpClient.DefaultProxy.IsBypassed(new Uri("http://127.0.0.1:5001/")), Is.True);
        Assert.That(HttpClient.DefaultProxy.GetProxy(new Uri("http://localhost:5002/")), Is.EqualTo(Proxy));
        Assert.That(HttpClient.DefaultProxy.GetProxy(new Uri("http://example.com:5001/")), Is.EqualTo(Proxy));
    }

    [Test]
    public void Two_builds_in_one_process_do_not_disturb_each_other_and_the_last_restores_the_proxy()
    {
        var original = HttpClient.DefaultProxy;
        var first = ProxyBypass.Install(5001);
        var second = ProxyBypass.Install(5002);

        first.Dispose();

        Assert.That(HttpClient.DefaultProxy.GetProxy(new Uri("http://localhost:5001/")), Is.EqualTo(Proxy));
        Assert.That(HttpClient.DefaultProxy.GetProxy(new Uri("http://localhost:5002/")), Is.Null);

        second.Dispose();

        Assert.That(HttpClient.DefaultProxy, Is.SameAs(original));
    }

    [Test]
    public void A_proxy_that_somebody_else_set_meanwhile_stays()
    {
        var bypass = ProxyBypass.Install(5001);
        var others = new WebProxy("http://127.0.0.1:10");
        HttpClient.DefaultProxy = others;

        bypass.Dispose();

        Assert.That(HttpClient.DefaultProxy, Is.SameAs(others));
    }
}
