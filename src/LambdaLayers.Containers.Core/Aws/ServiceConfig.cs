using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// What a generated <c>AmazonLambdaConfig</c> would be: the SDK reads retries, proxy, endpoint overrides, FIPS and
/// dual-stack flags from the environment and the profile by itself.
/// </summary>
internal sealed class ServiceConfig : ClientConfig
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(60);

    private readonly AwsService _service;
    private readonly AwsRegion _region;

    public ServiceConfig(AwsService service, AwsRegion region, string? profile)
        : base(new DefaultConfigurationProvider([Defaults]))
    {
        _service = service;
        _region = region;
        ServiceId = service.Id;
        AuthenticationServiceName = service.SigningName;
        // With any other mode of AWS_DEFAULTS_MODE the provider above, which knows one, would throw.
        DefaultConfigurationMode = DefaultConfigurationMode.Standard;
        if (profile is not null)
            Profile = new Profile(profile);
        RegionEndpoint = RegionEndpoint.GetBySystemName(region.Name);
        // An endpoint from the environment takes RegionEndpoint's place, and still has to be signed for this region.
        AuthenticationRegion = region.Name;
        ConnectTimeout = ConnectLimit;
        Timeout = CallLimit;
    }

    private static DefaultConfiguration Defaults => new()
    {
        Name = DefaultConfigurationMode.Standard,
        RetryMode = RequestRetryMode.Standard,
        ConnectTimeout = ConnectLimit,
    };

    public AwsService Service => _service;

    public AwsRegion Region => _region;

    public override string ServiceVersion => _service.Version;

    public override string RegionEndpointServiceName => _service.SigningName;

    public override string UserAgent => InternalSDKUtils.BuildUserAgentString(_service.Id, "1.0.0");

    /// <summary>Host and port that calls go to, for messages.</summary>
    public string Authority => new Uri(BaseUrl).Authority;

    /// <summary>Fails if an endpoint is set that is no address; the SDK would let it pass, or not say where it is from.</summary>
    public void RequireUsableEndpoint() => ConfiguredUrl();

    private string BaseUrl => ConfiguredUrl() is { } url
        ? url.TrimEnd('/')
        : $"https://{_service.Host(_region, UseFIPSEndpoint, UseDualstackEndpoint)}";

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
    {
        // The signature covers what is on the wire only if exactly one of endpoint and path brings the slash between.
        var needsSlash = parameters.Request is ServiceRequest { Path: "/" };
        return new Endpoint(needsSlash ? BaseUrl + "/" : BaseUrl);
    }

    private string? ConfiguredUrl()
    {
        try
        {
            var url = ServiceURL;
            if (string.IsNullOrEmpty(url))
                return null;
            if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
                return url;
        }
        catch (AmazonClientException)
        {
            // The SDK could not read it either.
        }

        throw AwsErrors.EndpointInvalid(_service.Id);
    }
}
