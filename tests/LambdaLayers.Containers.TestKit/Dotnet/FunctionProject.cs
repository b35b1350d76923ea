namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>
/// A small function that publishes quickly: framework-dependent, without an app host, so no runtime has to be downloaded.
/// </summary>
public sealed record FunctionProject(string Name = "Fn")
{
    /// <summary>Properties of a project that makes images for two architectures, and their index.</summary>
    public const string TwoArchitectures =
        "<RuntimeIdentifier></RuntimeIdentifier><RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers>";

    /// <summary>XML inside the project's property group; overrides the properties before it.</summary>
    public string Properties { get; init; } = "";

    /// <summary>XML inside the project's item group.</summary>
    public string Items { get; init; } = "";

    /// <summary>XML at the project's end.</summary>
    public string Targets { get; init; } = "";

    /// <summary>How the package gets into the project.</summary>
    public string Reference { get; init; } =
        """<ItemGroup><PackageReference Include="LambdaLayers.Containers" Version="$(LambdaLayersTestVersion)" PrivateAssets="all" /></ItemGroup>""";

    /// <summary>The program; a library by default has one too.</summary>
    public string Program { get; init; } = "System.Console.WriteLine(\"function\");\n";

    /// <summary>
    /// Writes the project and gives the csproj's path, with what a build makes of it; for publishing with <c>--no-build</c>.
    /// </summary>
    public async Task<string> WriteBuiltAsync(DotnetSandbox sandbox)
    {
        var project = Write(sandbox);
        await sandbox.BuildOnceAsync(project);
        return project;
    }

    /// <summary>Writes the project below <c>src/NAME</c> and gives the csproj's path.</summary>
    public string Write(DotnetSandbox sandbox) => sandbox.WriteProject(Name, $"""
        <Project Sdk="Microsoft.NET.Sdk">
          {Reference}
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
            <SelfContained>false</SelfContained>
            <UseAppHost>false</UseAppHost>
            <ContainerRepository>{Name.ToLowerInvariant()}</ContainerRepository>
            <ContainerImageTag>1</ContainerImageTag>
            <ContainerBaseImage>scratch</ContainerBaseImage>
            {Properties}
          </PropertyGroup>
          <ItemGroup>
            {Items}
          </ItemGroup>
          {Targets}
        </Project>
        """, ("Program.cs", Program));
}
