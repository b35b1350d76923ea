using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using LambdaLayers.Containers.Core.Diagnostics;

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

    /// <summary>Calls the service and reads its document; every failure is a <see cref="LayersException"/>.</summary>
    protected async Task<T> CallAsync<T>(ServiceCall call, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        var options = new InvokeOptions
        {
            RequestMarshaller = CallMarshaller.Instance,
            ResponseUnmarshaller = new AnswerUnmarshaller<T>(answer),
        };
        try
        {
            return (await InvokeAsync<ServiceAnswer<T>>(call, options, cancellationToken)).Value!;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not LayersException)
        {
            throw AwsFailureTranslator.Translate(e, _config, call.Operation);
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

    private sealed class CallMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public static readonly CallMarshaller Instance = new();

        public IRequest Marshall(AmazonWebServiceRequest input)
        {
            var call = (ServiceCall)input;
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

    private sealed class AnswerUnmarshaller<T>(JsonTypeInfo<T> type) : JsonResponseUnmarshaller
        where T : class
    {
        // BatchGetImage can hold a few manifests of up to 4 MiB; nothing else comes near.
        private const int MaximumLength = 64 << 20;

        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
        {
            var body = ReadLimited(input.Stream);
            var document = body.Length == 0 ? "{}"u8 : body;
            return new ServiceAnswer<T>
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
                // Proxies and load balancers answer with pages of their own; the status is all that counts then.
                return new ErrorResponse { Message = $"The answer with status {(int)status} is no JSON document." };
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
