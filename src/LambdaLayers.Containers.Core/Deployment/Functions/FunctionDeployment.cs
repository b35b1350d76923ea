using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>One function to bring into a wanted state.</summary>
/// <param name="Function">Name or ARN.</param>
/// <param name="Registry"><c>ContainerRegistry</c>, whose region is the function's too.</param>
/// <param name="Desired">What it is to be, but for its image.</param>
internal sealed partial record DeploymentRequest(FunctionName Function, string Registry, DesiredFunction Desired)
{
    /// <summary><c>AwsProfile</c>; null for the build's credentials.</summary>
    public string? Profile { get; init; }

    /// <summary>Lambda's word for the architecture that is wanted; null when the publish has to leave no choice.</summary>
    public string? Architecture { get; init; }

    /// <summary>Only say what would change.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether to freeze the result as a version.</summary>
    public bool PublishVersion { get; init; }

    /// <summary>An alias to point at that version; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>Reads the properties of a deployment; what cannot be meant is an error.</summary>
    /// <param name="function"><c>LambdaFunctionName</c>.</param>
    /// <param name="registry"><c>ContainerRegistry</c>.</param>
    /// <param name="property">Reads a property by its name; empty when it is not set.</param>
    /// <param name="variables"><c>LambdaEnvironmentVariable</c> items.</param>
    public static DeploymentRequest Parse(
        string function,
        string registry,
        Func<string, string> property,
        IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        // It becomes a segment of a request's path, where '..' would be another resource.
        var alias = PropertyValues.Text(property, "LambdaAlias");
        if (alias is not null && !AliasPattern().IsMatch(alias))
            throw FunctionErrors.BadAlias(alias);
        return new DeploymentRequest(FunctionName.Parse(function), registry, DesiredFunction.Parse(property, variables))
        {
            Architecture = PublishedImage.ParseArchitecture(property("LambdaArchitecture")),
            PublishVersion = PropertyValues.Flag(property, "LambdaPublishVersion") ?? false,
            Alias = alias,
        };
    }

    // botocore, lambda service-2.json, Alias.
    [GeneratedRegex(@"\A(?![0-9]+\z)[a-zA-Z0-9_-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex AliasPattern();
}

/// <summary>What a deployment has done.</summary>
/// <param name="Region">The function's.</param>
/// <param name="FunctionArn">Empty in a dry run for a function that does not exist.</param>
/// <param name="Changes">What was changed, or would be in a dry run; empty when all was as wanted.</param>
internal sealed record DeploymentResult(AwsRegion Region, string FunctionArn, IReadOnlyList<FunctionChange> Changes)
{
    /// <summary>The published version; null when none was asked for.</summary>
    public string? Version { get; init; }
}

/// <summary>
/// Brings functions into the wanted state: create or update code, settings and tags; then version and alias. What runs is
/// told by the image's digest alone, so that doing it again changes nothing.
/// </summary>
/// <param name="clients">Lambda in the function's region.</param>
/// <param name="environment">Reads an environment variable; null when it is not set.</param>
/// <param name="time">Waits between looks at a function that is changing.</param>
/// <param name="log">Hears each change before it is made.</param>
internal sealed class FunctionDeployment(
    AwsClients clients, Func<string, string?> environment, TimeProvider time, IEngineLog log)
{
    /// <summary>Finds what can be known to be wrong before anything is made or pushed.</summary>
    /// <param name="request">The deployment to come.</param>
    /// <param name="platforms">What images will be made for; empty when that is not known yet.</param>
    /// <param name="cancellationToken">Stops the questions to Lambda.</param>
    public async Task CheckAsync(
        DeploymentRequest request, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        var region = RegionOf(request);
        if (platforms.Count > 0)
            PublishedImage.ChooseArchitecture(request, [.. platforms.Select(x => x.LambdaArchitecture).Distinct()]);
        var function = await FindAsync(clients.Lambda(region, request.Profile), request.Function, cancellationToken);
        if (function is not null)
            DemandImageFunction(request.Function, function.Configuration);
        else if (request.Desired.Role is null)
            throw FunctionErrors.RoleMissing(request.Function.Name);
    }

    /// <summary>Creates the function or changes of it what is not as wanted.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="images">What was pushed, one image for each architecture.</param>
    /// <param name="cancellationToken">Stops between two calls; what Lambda has begun it ends.</param>
    public async Task<DeploymentResult> DeployAsync(
        DeploymentRequest request, IReadOnlyList<PublishedImage> images, CancellationToken cancellationToken)
    {
        var region = RegionOf(request);
        var image = AsLambdaPulls(PublishedImage.Choose(request, images), request.Registry);
        var lambda = clients.Lambda(region, request.Profile);
        var waiter = new FunctionWaiter(lambda, time);
        var existing = await FindAsync(lambda, request.Function, cancellationToken);
        var (arn, changes) = existing is null
            ? await new CreateFunction(lambda, waiter, log).RunAsync(request, image, cancellationToken)
            : await new UpdateFunction(lambda, waiter, log).RunAsync(request, image, cancellationToken);
        var result = new DeploymentResult(region, arn, changes);
        if (request.DryRun || (!request.PublishVersion && request.Alias is null))
            return result;
        return await new ReleaseVersion(lambda, waiter, log).RunAsync(request, result, cancellationToken);
    }

    /// <summary>Lambda never changes how a function is packaged; neither do we try.</summary>
    public static void DemandImageFunction(FunctionName name, FunctionConfiguration? function)
    {
        if (function?.PackageType is not (null or "Image"))
            throw FunctionErrors.IsNoImage(name.Name);
    }

    private static PublishedImage AsLambdaPulls(PublishedImage image, string registry) =>
        EcrRegistryHost.TryParse(registry, out var host) && image.Uri.StartsWith(registry + "/", StringComparison.Ordinal)
            ? image with { Uri = host.HostForLambda + image.Uri[registry.Length..] }
            : image;

    // The function's region, which has to be the image's too. An emulator takes images from any registry.
    private AwsRegion RegionOf(DeploymentRequest request)
    {
        var function = request.Function.Region;
        if (!EcrRegistryHost.TryParse(request.Registry, out var host) || host.IsPublic)
        {
            return LambdaIsEmulated()
                ? function ?? clients.RegionFor(request.Profile)
                : throw FunctionErrors.RegistryNotEcr(request.Registry);
        }

        var region = function ?? clients.FindRegion(request.Profile) ?? host.Region;
        return region == host.Region
            ? region
            : throw FunctionErrors.RegionMismatch(
                host.Region.Name, region.Name,
                request.Registry.Replace(host.Region.Name, region.Name, StringComparison.OrdinalIgnoreCase));
    }

    // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    private bool LambdaIsEmulated() =>
        !string.Equals(environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true", StringComparison.OrdinalIgnoreCase)
        && (environment("AWS_ENDPOINT_URL_LAMBDA") is { Length: > 0 }
            || environment("AWS_ENDPOINT_URL") is { Length: > 0 });

    // Null when there is none.
    private static async Task<GetFunctionResponse?> FindAsync(
        LambdaClient lambda, FunctionName function, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetFunctionRequest { FunctionName = function.Text };
            return await lambda.GetFunctionAsync(request, cancellationToken);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.NotFound)
        {
            return null;
        }
    }
}
