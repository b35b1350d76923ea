using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.Build.Logging.StructuredLogger;

namespace LambdaLayers.Containers.PackageTests.Extensions;

/// <summary>A sandbox with a registry, AWS-like bases, a function project and what it takes to look at its images.</summary>
internal sealed class ExtensionSandbox : IAsyncDisposable
{
    private ExtensionSandbox(DotnetSandbox dotnet, EmbeddedRegistry registry)
    {
        Dotnet = dotnet;
        Registry = registry;
    }

    public DotnetSandbox Dotnet { get; }

    public EmbeddedRegistry Registry { get; }

    /// <summary>An image with AWS's entry point and environment in which nothing runs.</summary>
    public string DotnetBase => $"{Registry.Host}/lambda/dotnet:10";

    public static async Task<ExtensionSandbox> CreateAsync()
    {
        var registry = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(registry, "lambda/dotnet", "10");
        await SyntheticBase.PushPlainAsync(registry, "lambda/provided", "al2023");
        return new ExtensionSandbox(await DotnetSandbox.CreateAsync(), registry);
    }

    /// <summary>A small framework-dependent function with these items; its image is <c>fn:1</c>.</summary>
    public string WriteFunction(string items) => Dotnet.WriteProject("Fn", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <UseAppHost>false</UseAppHost>
            <ContainerRepository>fn</ContainerRepository>
            <ContainerImageTag>1</ContainerImageTag>
            <ContainerBaseImage Condition="'$(ContainerBaseImage)' == ''">{DotnetBase}</ContainerBaseImage>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="LambdaLayers.Containers" Version="$(LambdaLayersTestVersion)" PrivateAssets="all" />
            {items}
          </ItemGroup>
        </Project>
        """, ("Program.cs", "System.Console.WriteLine(1);"));

    /// <summary>The same function with what a build makes of it, for <see cref="MakeImageAsync"/>.</summary>
    public async Task<string> WriteBuiltFunctionAsync(string items)
    {
        var project = WriteFunction(items);
        await Dotnet.BuildOnceAsync(project);
        return project;
    }

    /// <summary>Publishes a built function to the registry.</summary>
    public Task<DotnetResult> MakeImageAsync(string project, params string[] arguments) =>
        PublishAsync(project, ["--no-build", .. arguments]);

    /// <summary>Publishes to the registry.</summary>
    public Task<DotnetResult> PublishAsync(string project, params string[] arguments) =>
        Dotnet.PublishAsync(project, [$"-p:ContainerRegistry={Registry.Host}", .. arguments]);

    /// <summary>The layers of an image, bottom first.</summary>
    public async Task<IReadOnlyList<StoredLayer>> LayersAsync(string repository, string tag, string? architecture = null) =>
        (await StoredImage.OpenAsync($"docker://{Registry.Uncounted.Authority}/{repository}:{tag}", architecture)).Layers;

    /// <summary>The layers that items made: those between the base's two and the function's own.</summary>
    public async Task<IReadOnlyList<StoredLayer>> ItemLayersAsync(string repository, string tag, string? architecture = null) =>
        [.. (await LayersAsync(repository, tag, architecture)).Skip(2).SkipLast(1)];

    /// <summary>How often a task ran for a project of that file name, from the binary log.</summary>
    public static int TaskRuns(DotnetResult result, string task, string project) =>
        BinaryLog.ReadBuild(result.BinlogPath!)
            .FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>(t => t.Name == task)
            .Count(t => Path.GetFileName(t.GetNearestParent<Project>()!.ProjectFile) == project);

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        Dotnet.Dispose();
    }
}
