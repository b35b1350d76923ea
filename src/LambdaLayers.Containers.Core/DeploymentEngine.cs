using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core;

/// <summary>Puts together what pushes and deploys; everything that a step needs is made here and passed in.</summary>
internal sealed class DeploymentEngine : IDisposable
{
    private static readonly TimeSpan HelperTimeout = TimeSpan.FromSeconds(30);

    private readonly AwsClients _clients;

    public DeploymentEngine(DeploymentOptions options, IEngineLog log)
    {
        _clients = new AwsClients(new AwsOptions(options.Environment) { Region = options.Region, Profile = options.Profile });
        var authorization = new EcrAuthorization(_clients, TimeProvider.System);
        var helper = new CredentialHelper(options.Environment, HelperTimeout, TimeProvider.System);
        var docker = DockerConfigFiles.Sources(options.Environment, helper);
        Credentials = new FindPushCredential(authorization, new CredentialChain(docker), options.Environment, log);
        Repositories = new EcrRepositories(_clients, log);
        Functions = new FunctionDeployment(_clients, options.Environment, TimeProvider.System, log);
    }

    /// <summary>Finds who signs a push in.</summary>
    public FindPushCredential Credentials { get; }

    /// <summary>Checks or creates the repository of a push.</summary>
    public EcrRepositories Repositories { get; }

    /// <summary>Creates and updates functions.</summary>
    public FunctionDeployment Functions { get; }

    public void Dispose() => _clients.Dispose();
}
