using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>What can be known to be wrong with a deployment before its image is pushed.</summary>
internal sealed class CheckDeployment(IAwsClients clients, Func<string, string?> environment)
{
    /// <summary>The function's region, which is the image's too.</summary>
    public AwsRegion Region(FunctionName function, string registry, string? profile)
    {
        if (!EcrRegistryHost.TryParse(registry, out var host) || host.IsPublic)
        {
            if (!LambdaEndpoint.IsOverridden(environment))
                throw FunctionErrors.RegistryNotEcr(registry);
            return function.Region ?? clients.RegionFor(profile);
        }

        var region = function.Region ?? clients.FindRegion(profile) ?? host.Region;
        return region == host.Region
            ? region
            : throw FunctionErrors.RegionMismatch(
                host.Region.Name, region.Name, registry.Replace(host.Region.Name, region.Name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Asks Lambda whether the function can take an image, and whether a new one could be created.</summary>
    public async Task FunctionAsync(
        FunctionName function, AwsRegion region, FunctionSettings settings, string? profile, CancellationToken cancellationToken)
    {
        var existing = await DeployFunction.FindAsync(clients.Lambda(region, profile), function, cancellationToken);
        if (existing is not null)
            PackageType(function, existing);
        else if (settings.Role is null)
            throw PropertyErrors.RoleMissing(function.Name);
    }

    /// <summary>Lambda never changes how a function is packaged; neither do we try.</summary>
    public static void PackageType(FunctionName name, GetFunctionResponse function)
    {
        if (function.Configuration?.PackageType is not (null or "Image"))
            throw FunctionErrors.IsNoImage(name.Name);
    }
}
