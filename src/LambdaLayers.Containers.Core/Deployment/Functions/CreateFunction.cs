using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>Creates a function from an image and waits until it can be called.</summary>
internal sealed class CreateFunction(ILambdaClient lambda, FunctionWaiter waiter, IEngineLog log)
{
    public async Task<DeploymentResult> RunAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        var body = Body(request);
        var changes = Describe(body);
        if (request.DryRun)
            return new DeploymentResult("", changes);
        log.Normal($"Creating the function {request.Function} from {request.Image.Uri}.");
        var created = await CreateAsync(body, cancellationToken);
        var settled = (await waiter.UntilSettledAsync(request.Function.Text, cancellationToken)).Configuration!;
        if (settled.State == "Failed")
            throw FunctionErrors.CreationFailed(
                request.Function.Name, settled.StateReasonCode ?? "", settled.StateReason ?? "",
                FunctionReasons.Advice(settled.StateReasonCode ?? ""));
        return new DeploymentResult(created.FunctionArn ?? settled.FunctionArn ?? "", changes);
    }

    private async Task<FunctionConfiguration> CreateAsync(CreateFunctionRequest body, CancellationToken cancellationToken)
    {
        try
        {
            return await lambda.CreateFunctionAsync(body, cancellationToken);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.ImageAccessDenied)
        {
            throw FunctionErrors.ImageDenied(body.FunctionName, body.Code.ImageUri!, e);
        }
    }

    private static CreateFunctionRequest Body(DeploymentRequest request)
    {
        var settings = request.Settings;
        return new CreateFunctionRequest
        {
            FunctionName = request.Function.Text,
            PackageType = "Image",
            Code = new FunctionCode { ImageUri = request.Image.Uri },
            Architectures = [request.Image.Architecture],
            Role = settings.Role ?? throw PropertyErrors.RoleMissing(request.Function.Name),
            Description = settings.Description,
            MemorySize = settings.MemorySize,
            Timeout = settings.Timeout,
            EphemeralStorage = settings.EphemeralStorage is { } size ? new EphemeralStorage { Size = size } : null,
            Environment = settings.Environment is { } variables ? new Aws.Lambda.Model.Environment { Variables = variables } : null,
            ImageConfig = settings.ImageConfig,
            TracingConfig = settings.TracingMode is { } mode ? new TracingConfig { Mode = mode } : null,
            VpcConfig = settings.Vpc,
            LoggingConfig = settings.Logging,
            KMSKeyArn = settings.KmsKeyArn,
            Tags = settings.Tags.Count == 0 ? null : settings.Tags,
        };
    }

    // Against a function that has nothing yet, every setting is a change.
    private static List<FunctionChange> Describe(CreateFunctionRequest body) =>
    [
        new("Function", "", $"{body.FunctionName} (new)"),
        new("ImageUri", "", body.Code.ImageUri!),
        new("Architectures", "", body.Architectures![0]),
        .. CompareSettings.Run(new FunctionConfiguration(), new FunctionSettings
        {
            Role = body.Role,
            Description = body.Description,
            MemorySize = body.MemorySize,
            Timeout = body.Timeout,
            EphemeralStorage = body.EphemeralStorage?.Size,
            Environment = body.Environment?.Variables,
            ImageConfig = body.ImageConfig,
            TracingMode = body.TracingConfig?.Mode,
            Vpc = body.VpcConfig,
            Logging = body.LoggingConfig,
            KmsKeyArn = body.KMSKeyArn,
        }).Changes,
        .. (body.Tags ?? new Dictionary<string, string>()).Select(x => new FunctionChange($"Tags.{x.Key}", "", x.Value)),
    ];
}
