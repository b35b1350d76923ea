using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// One client for the JSON services of AWS, on what every generated client is built of. AWSSDK.Core gives signing,
/// credentials, retries, clock-skew correction, endpoints and proxies. The <c>Internal</c> namespaces it needs are public
/// and shared by all AWSSDK packages of a major version, but not promised: keep them in this file and ServiceConfig.
/// </summary>
internal class ServiceClient : AmazonServiceClient
{
    private readonly ServiceConfig _config;

    public ServiceClient(ServiceConfig config)
        : base(config)
    {
        _config = config;
    }

    /// <summary>Calls the service and reads its document; every failure is an <see cref="AwsException"/>.</summary>
    protected async Task<T> CallAsync<T>(ServiceRequest request, JsonTypeInfo<T> response, CancellationToken cancellationToken)
        where T : class
    {
        var options = new InvokeOptions
        {
            RequestMarshaller = RequestMarshaller.Instance,
            ResponseUnmarshaller = new ResponseUnmarshaller<T>(response),
        };
        try
        {
            return (await InvokeAsync<ServiceResponse<T>>(request, options, cancellationToken)).Value!;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not AwsException)
        {
            throw AwsFailureTranslator.Translate(e, _config, request.Operation);
        }
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) =>
        // Nothing else in the pipeline chooses credentials and signer.
        pipeline.AddHandlerAfter<Marshaller>(new SigV4Resolver());

    private sealed class SigV4Resolver : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
            AuthSchemeOption.DEFAULT_SIGV4;
    }

    private sealed class RequestMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public static readonly RequestMarshaller Instance = new();

        public IRequest Marshall(AmazonWebServiceRequest input)
        {
            var call = (ServiceRequest)input;
            var request = new DefaultRequest(call, "Amazon." + call.Operation)
            {
                HttpMethod = call.Method,
                ResourcePath = call.Path,
            };
            foreach (var (name, value) in call.PathParameters)
                request.AddPathResource($"{{{name}}}", value);
            foreach (var (name, value) in call.Query)
            {
                if (value is not null)
                    request.Parameters.Add(name, value);
            }

            request.UseQueryString = request.Parameters.Count > 0;
            if (call.TargetPrefix is not null)
                request.Headers["X-Amz-Target"] = $"{call.TargetPrefix}.{call.Operation}";
            if (call.Body is not null)
            {
                request.Content = call.Body;
                request.Headers["Content-Type"] =
                    call.TargetPrefix is null ? "application/json" : "application/x-amz-json-1.1";
            }

            return request;
        }
    }

    private sealed class ResponseUnmarshaller<T>(JsonTypeInfo<T> type) : JsonResponseUnmarshaller
        where T : class
    {
        // A function's configuration with its variables, a page of 50 layer versions: nothing comes near.
        private const int MaximumLength = 8 << 20;

        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
        {
            var body = ReadLimited(input.Stream);
            var document = body.Length == 0 ? "{}"u8 : body;
            return new ServiceResponse<T>
            {
                Value = JsonSerializer.Deserialize(document, type)
                    ?? throw new JsonException("The document is null."),
            };
        }

        public override AmazonServiceException UnmarshallException(
            JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
        {
            var error = ReadError(input, statusCode);
            return new AmazonServiceException(
                error.Message, innerException, error.Type, error.Code, error.RequestId, statusCode);
        }

        private static ErrorResponse ReadError(JsonUnmarshallerContext context, HttpStatusCode status)
        {
            try
            {
                var reader = new StreamingUtf8JsonReader(context.Stream);
                return JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(context, ref reader);
            }
            catch (Exception e) when (e is JsonException or System.Xml.XmlException or InvalidOperationException)
            {
                // Proxies and load balancers respond with pages of their own; the status is all that counts then.
                return new ErrorResponse { Message = $"The response with status {(int)status} is no JSON document." };
            }
        }

        private static ReadOnlySpan<byte> ReadLimited(Stream stream)
        {
            using var copy = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                copy.Write(buffer, 0, read);
                if (copy.Length > MaximumLength)
                    throw new JsonException("The document is too long.");
            }

            return copy.GetBuffer().AsSpan(0, (int)copy.Length);
        }
    }
}

/// <summary>One call of a JSON service before it is signed.</summary>
/// <param name="operation">The operation's name: for IAM actions, and for X-Amz-Target.</param>
internal sealed class ServiceRequest(string operation) : AmazonWebServiceRequest
{
    public string Operation { get; } = operation;

    public string Method { get; init; } = "POST";

    /// <summary>Path with <c>{Name}</c> segments, which <see cref="PathParameters"/> fill.</summary>
    public string Path { get; init; } = "/";

    /// <summary>
    /// Unescaped values for the path's <c>{Name}</c> segments; the SDK escapes and signs them. It leaves <c>..</c> alone,
    /// which HttpClient takes for the parent: values are validated before.
    /// </summary>
    public IReadOnlyDictionary<string, string> PathParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Unescaped query; entries that are null are left out.</summary>
    public IReadOnlyDictionary<string, string?> Query { get; init; } = new Dictionary<string, string?>();

    /// <summary>The service's target prefix for AWS JSON 1.1 (<c>X-Amz-Target</c>); null for REST-JSON.</summary>
    public string? TargetPrefix { get; init; }

    /// <summary>The JSON document, or null for a request without body.</summary>
    public byte[]? Body { get; init; }

    /// <summary>A document's bytes, for <see cref="Body"/>.</summary>
    public static byte[] Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
}

/// <summary>A service's response with its document read.</summary>
internal sealed class ServiceResponse<T> : AmazonWebServiceResponse
    where T : class
{
    /// <summary>Null only until the SDK has filled it.</summary>
    public T? Value { get; init; }
}
