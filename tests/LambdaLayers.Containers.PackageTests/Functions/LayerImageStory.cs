using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Functions;

/// <summary>An image of layers only: what it holds, and that it is the same as the items used directly.</summary>
[TestFixture]
public sealed class LayerImageStory
{
    private DotnetSandbox _sandbox = null!;
    private EmbeddedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _registry = await EmbeddedRegistry.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _registry.DisposeAsync();
        _sandbox.Dispose();
    }

    [Test]
    public async Task A_layer_image_holds_the_layers_and_nothing_else()
    {
        var project = Sample.CopyTo(_sandbox, "LayerImage");
        await SyntheticBase.PushPlainAsync(_registry, "lambda/provided", "al2023");
        var function = _sandbox.WriteProject("Direct", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="LambdaLayers.Containers" Version="$(LambdaLayersTestVersion)" PrivateAssets="all" />
                <LambdaLayer Include="../LayerImage/layers/tools/" />
              </ItemGroup>
            </Project>
            """);

        var other = _sandbox.WriteProject("Other", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="LambdaLayers.Containers" Version="$(LambdaLayersTestVersion)" PrivateAssets="all" />
                <LambdaLayer Include="{_registry.Host}/tools-layer:1" />
              </ItemGroup>
            </Project>
            """);

        (await _sandbox.PublishAsync(project, "-t:PublishContainer", "-r", "linux-x64",
            $"-p:ContainerRegistry={_registry.Host}")).EnsureSucceeded();
        (await _sandbox.PublishAsync(other, $"-p:ContainerRegistry={_registry.Host}",
            $"-p:ContainerBaseImage={_registry.Host}/lambda/provided:al2023", "-p:ContainerRepository=other")).EnsureSucceeded();
        (await _sandbox.PublishAsync(function, $"-p:ContainerRegistry={_registry.Host}",
            $"-p:ContainerBaseImage={_registry.Host}/lambda/provided:al2023", "-p:ContainerRepository=direct")).EnsureSucceeded();

        var image = await PushedImage.ReadAsync(_registry, "tools-layer:1");
        var direct = await PushedImage.ReadAsync(_registry, "direct:latest");
        var fromImage = await PushedImage.ReadAsync(_registry, "other:latest");
        Assert.That(image.Layers, Has.Count.EqualTo(1));
        Assert.That(image.Layers[0].Select(e => e.Name.TrimEnd('/')), Is.EqualTo(new[] { "opt", "opt/bin", "opt/bin/hello" }));
        Assert.That(image.RunConfig.ToJsonString(), Is.EqualTo("{}"));
        Assert.That(direct.LayerDigests, Does.Contain(image.LayerDigests[0]));
        Assert.That(fromImage.LayerDigests, Does.Contain(image.LayerDigests[0]), "blob for blob in a second project");
        Assert.That((string?)image.Config["architecture"], Is.EqualTo("amd64"));
    }

    [Test]
    public async Task The_same_layers_give_the_same_image_and_upload_nothing_twice()
    {
        var project = Sample.CopyTo(_sandbox, "LayerImage");
        string[] arguments = ["-t:PublishContainer", "-r", "linux-x64", $"-p:ContainerRegistry={_registry.Host}"];
        (await _sandbox.PublishAsync(project, arguments)).EnsureSucceeded();
        var before = await StoredImage.ManifestAsync($"docker://{_registry.Uncounted.Authority}/tools-layer:1");
        _registry.Clear();

        (await _sandbox.PublishAsync(project, arguments)).EnsureSucceeded();

        var after = await StoredImage.ManifestAsync($"docker://{_registry.Uncounted.Authority}/tools-layer:1");
        Assert.That(after.GetRawText(), Is.EqualTo(before.GetRawText()));
        Assert.That(_registry.UploadedBlobs("tools-layer"), Is.Zero);
    }

    [Test]
    public async Task An_archive_is_read_by_other_tools_as_OCI_and_as_dockers_own()
    {
        var project = Sample.CopyTo(_sandbox, "LayerImage");

        (await _sandbox.PublishAsync(project, "-r", "linux-x64")).EnsureSucceeded();

        var archive = Path.Combine(Path.GetDirectoryName(project)!, "bin", "tools-layer.tar.gz");
        var oci = await Skopeo.InspectManifestAsync($"oci-archive:{archive}:1");
        var docker = await Skopeo.InspectConfigAsync($"docker-archive:{archive}:tools-layer:1");
        Assert.That(oci.GetProperty("layers").GetArrayLength(), Is.EqualTo(1));
        Assert.That(docker.GetProperty("rootfs").GetProperty("diff_ids").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_platforms_give_an_index()
    {
        var project = Sample.CopyTo(_sandbox, "LayerImage");

        (await _sandbox.PublishAsync(project, "-t:PublishContainer", $"-p:ContainerRegistry={_registry.Host}",
            "-p:ContainerRuntimeIdentifiers=\"linux-x64;linux-arm64\"")).EnsureSucceeded();

        var index = await StoredImage.ManifestAsync($"docker://{_registry.Uncounted.Authority}/tools-layer:1");
        Assert.That(
            index.GetProperty("manifests").EnumerateArray()
                .Select(m => m.GetProperty("platform").GetProperty("architecture").GetString()),
            Is.EqualTo(new[] { "amd64", "arm64" }));
    }

    [Test]
    public async Task Without_a_destination_it_says_which_there_are()
    {
        var project = Sample.CopyTo(_sandbox, "LayerImage");
        var text = File.ReadAllText(project);
        File.WriteAllText(project, text.Replace("<ContainerArchiveOutputPath ", "<Unused ", StringComparison.Ordinal)
            .Replace("</ContainerArchiveOutputPath>", "</Unused>", StringComparison.Ordinal));

        var result = await _sandbox.PublishAsync(project, "-t:PublishContainer", "-r", "linux-x64");

        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.Output, Does.Contain("error LLC2321"));
    }

    [Test]
    public async Task An_extension_project_is_its_own_layer_image()
    {
        var project = _sandbox.WriteProject("Audit", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <PublishSelfContained>true</PublishSelfContained>
                <LambdaImageKind>Layer</LambdaImageKind>
                <ContainerRepository>audit</ContainerRepository>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="LambdaLayers.Containers" Version="$(LambdaLayersTestVersion)" PrivateAssets="all" />
              </ItemGroup>
            </Project>
            """, ("Program.cs", "System.Console.WriteLine(1);"));

        (await _sandbox.PublishAsync(project, "-r", "linux-x64", $"-p:ContainerRegistry={_registry.Host}")).EnsureSucceeded();

        var image = await PushedImage.ReadAsync(_registry, "audit:latest");
        Assert.That(image.Layers, Has.Count.EqualTo(1));
        Assert.That(image.Files(0).Count(f => f.StartsWith("opt/extensions/", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(image.Files(0), Does.Contain("opt/extensions/Audit"));
    }
}
