using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core;

/// <summary>Puts together what pushes and deploys; everything that a step needs is made here and passed in.</summary>
internal sealed class DeploymentEngine : IDisposable
{
    private static readonly TimeSpan HelperTimeout = TimeSpan.FromSeconds(30);

    private readonly AwsClients _clients;
    private readonly HttpTransport _http;

    public DeploymentEngine(DeploymentOptions options, IEngineLog log)
    {
        _clients = new AwsClients(new AwsOptions(options.Environment) { Region = options.Region, Profile = options.Profile });
        _http = HttpTransport.Create(HttpClient.DefaultProxy, log);
        var authorization = new EcrAuthorization(_clients, TimeProvider.System);
        var helper = new CredentialHelper(options.Environment, HelperTimeout, TimeProvider.System);
        var docker = DockerConfigFiles.Sources(options.Environment, helper);
        Credentials = new FindPushCredential(authorization, new CredentialChain(docker), options.Environment, log);
        Repository = new EnsureRepository(_clients, log);
        var registryOptions = new RegistryOptions { Insecure = InsecureRegistries.From(options.Environment) };
        Registry = new RegistryClient(
            _http,
            new CredentialChain([new EcrCredentialSource(authorization, options.Profile, log), .. docker]),
            registryOptions);
        CheckDeployment = new CheckDeployment(_clients, options.Environment);
        DeployFunction = new DeployFunction(_clients, new ReadFingerprint(Registry, log), TimeProvider.System, log);
    }

    /// <summary>Finds who signs a push in.</summary>
    public FindPushCredential Credentials { get; }

    /// <summary>Checks or creates the repository of a push.</summary>
    public EnsureRepository Repository { get; }

    /// <summary>Reads images, those of ECR with AWS credentials.</summary>
    public RegistryClient Registry { get; }

    /// <summary>Looks for what would stop a deployment.</summary>
    public CheckDeployment CheckDeployment { get; }

    /// <summary>Creates and updates functions.</summary>
    public DeployFunction DeployFunction { get; }

    public void Dispose()
    {
        _http.Dispose();
        _clients.Dispose();
    }
}
