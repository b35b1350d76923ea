using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Deployment;

/// <summary>
/// What stories of pushes and deployments share: a project with a layer, an AWS account without repositories, and its ECR
/// registry under its real name.
/// </summary>
internal sealed class EcrStory : IAsyncDisposable
{
    public const string Host = FakeAws.AccountId + ".dkr.ecr.us-east-1.amazonaws.com";

    public const string Role = "arn:aws:iam::123456789012:role/shop";

    private readonly EcrHosts _hosts;

    private EcrStory(DotnetSandbox sandbox, FakeAws aws, EcrRegistry registry, EmbeddedRegistry bases, EcrHosts hosts, string project)
    {
        Sandbox = sandbox;
        Aws = aws;
        Registry = registry;
        Bases = bases;
        Project = project;
        _hosts = hosts;
    }

    public DotnetSandbox Sandbox { get; }

    public FakeAws Aws { get; }

    public EcrRegistry Registry { get; }

    /// <summary>Holds the base image.</summary>
    public EmbeddedRegistry Bases { get; }

    /// <summary>The csproj.</summary>
    public string Project { get; }

    /// <summary>A project that makes images for two architectures, and their index.</summary>
    public static Task<EcrStory> StartIndexAsync() =>
        StartAsync("<RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers>");

    public static async Task<EcrStory> StartAsync(string properties = "", string host = Host)
    {
        var sandbox = await DotnetSandbox.CreateAsync();
        var aws = await FakeAws.StartAsync();
        var registry = await EcrRegistry.StartAsync(aws);
        var bases = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(bases, "lambda/dotnet", "10");
        var hosts = EcrHosts.Start(registry, host);
        var project = WriteProject(sandbox, bases, properties);
        var story = new EcrStory(sandbox, aws, registry, bases, hosts, project);
        await sandbox.BuildOnceAsync(project);
        sandbox.ServerPool = hosts.ServerPool;
        foreach (var (name, value) in aws.Environment().Concat(hosts.Environment))
        {
            sandbox.Environment[name] = value;
        }

        return story;
    }

    /// <summary>Publishes to ECR what is built.</summary>
    public Task<DotnetResult> PublishAsync(params string[] arguments) =>
        Sandbox.PublishAsync(Project, ["--no-build", $"-p:ContainerRegistry={Host}", .. arguments]);

    /// <summary>Publishes with another program, which has to be compiled.</summary>
    public Task<DotnetResult> PublishChangedAsync(string program, params string[] arguments)
    {
        Sandbox.Write("src/Shop/Program.cs", program);
        return Sandbox.PublishAsync(Project, ["--no-restore", $"-p:ContainerRegistry={Host}", .. arguments]);
    }

    public async ValueTask DisposeAsync()
    {
        _hosts.Dispose();
        await Bases.DisposeAsync();
        await Registry.DisposeAsync();
        await Aws.DisposeAsync();
        Sandbox.Dispose();
    }

    private static string WriteProject(DotnetSandbox sandbox, EmbeddedRegistry bases, string properties) =>
        sandbox.WriteProject("Shop", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <UseAppHost>false</UseAppHost>
                <ContainerRepository>shop</ContainerRepository>
                <ContainerBaseImage>{bases.Host}/lambda/dotnet:10</ContainerBaseImage>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="LambdaLayers.Containers" Version="$(LambdaLayersTestVersion)" PrivateAssets="all" />
                <LambdaLayer Include="tools/" />
              </ItemGroup>
            </Project>
            """,
            ("Program.cs", "System.Console.WriteLine(1);"),
            ("tools/bin/hello", "#!/bin/sh\necho hello\n"));
}
