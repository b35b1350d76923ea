using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>Creates a function from an image and waits until it can be called.</summary>
internal sealed class CreateFunction(LambdaClient lambda, FunctionWaiter waiter, IEngineLog log)
{
    /// <summary>The new function's ARN, empty in a dry run, and all that it has been given.</summary>
    public async Task<(string Arn, IReadOnlyList<FunctionChange> Changes)> RunAsync(
        DeploymentRequest request, PublishedImage image, CancellationToken cancellationToken)
    {
        if (request.Desired.Role is null)
            throw FunctionErrors.RoleMissing(request.Function.Name);
        // Against a function that has nothing yet, every setting is a change.
        var (settings, changes) = ConfigurationDiff.Between(new FunctionConfiguration(), request.Desired);
        var tags = request.Desired.Tags;
        IReadOnlyList<FunctionChange> all =
        [
            new("Function", "", $"{request.Function.Text} (new)"),
            new("ImageUri", "", image.Uri),
            new("Architectures", "", image.Architecture),
            .. changes,
            .. tags.Select(x => new FunctionChange($"Tags.{x.Key}", "", x.Value)),
        ];
        if (request.DryRun)
            return ("", all);
        log.Normal($"Creating the function {request.Function} from {image.Uri}.");
        var created = await CreateAsync(Body(request, image, settings), cancellationToken);
        var settled = (await waiter.UntilSettledAsync(request.Function.Text, cancellationToken)).Configuration!;
        if (settled.State == "Failed")
            throw FunctionErrors.CreationFailed(
                request.Function.Name, settled.StateReasonCode ?? "", settled.StateReason ?? "");
        return (created.FunctionArn ?? settled.FunctionArn ?? "", all);
    }

    private async Task<FunctionConfiguration> CreateAsync(CreateFunctionRequest body, CancellationToken cancellationToken)
    {
        try
        {
            return await lambda.CreateFunctionAsync(body, cancellationToken);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.ImageAccessDenied)
        {
            throw FunctionErrors.ImageDenied(body.FunctionName, body.Code.ImageUri!);
        }
    }

    private static CreateFunctionRequest Body(
        DeploymentRequest request, PublishedImage image, UpdateFunctionConfigurationRequest settings) => new()
        {
            FunctionName = request.Function.Text,
            PackageType = "Image",
            Code = new FunctionCode { ImageUri = image.Uri },
            Architectures = [image.Architecture],
            Role = settings.Role,
            Description = settings.Description,
            MemorySize = settings.MemorySize,
            Timeout = settings.Timeout,
            EphemeralStorage = settings.EphemeralStorage,
            Environment = settings.Environment,
            ImageConfig = settings.ImageConfig,
            TracingConfig = settings.TracingConfig,
            VpcConfig = settings.VpcConfig,
            LoggingConfig = settings.LoggingConfig,
            KMSKeyArn = settings.KMSKeyArn,
            Tags = request.Desired.Tags.Count == 0 ? null : request.Desired.Tags,
        };
}
