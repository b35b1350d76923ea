using System.IO.Compression;
using LambdaLayers.Containers.TestKit.Aws;

namespace LambdaLayers.Containers.PackageTests.Layers;

/// <summary>Two versions of the package in one build, as a solution in the middle of an upgrade has.</summary>
public sealed class LoadContextStories
{
    private const string Layer = "arn:aws:lambda:us-east-1:580247275435:layer:tools:1";

    [Test]
    public async Task The_tasks_of_two_folders_assume_a_role_in_one_build()
    {
        await using var build = await LayerBuild.StartAsync();
        build.AddLayer(Layer, "tool", "x");
        WriteRoleProfile(build);
        foreach (var copy in new[] { "first", "second" })
        {
            build.WriteProject($"""<LambdaLayer Include="{Layer}" />""", "<AwsProfile>deploy</AwsProfile>", copy);
            await build.Sandbox.BuildOnceAsync(build.Project);
            ZipFile.ExtractToDirectory(build.Sandbox.Package!.NupkgPath, Path.Combine(build.Sandbox.Path, "copies", copy));
        }

        var both = build.Sandbox.Write("both.proj", """
            <Project>
              <Target Name="Both">
                <MSBuild Projects="src/first/first.csproj" Targets="RestoreLambdaLayers"
                         Properties="LambdaLayersTasksAssembly=$(MSBuildThisFileDirectory)copies/first/tasks/net10.0/LambdaLayers.Containers.dll;LambdaLayersCacheDirectory=$(MSBuildThisFileDirectory)cache/first" />
                <MSBuild Projects="src/second/second.csproj" Targets="RestoreLambdaLayers"
                         Properties="LambdaLayersTasksAssembly=$(MSBuildThisFileDirectory)copies/second/tasks/net10.0/LambdaLayers.Containers.dll;LambdaLayersCacheDirectory=$(MSBuildThisFileDirectory)cache/second" />
              </Target>
            </Project>
            """);

        var result = await build.Sandbox.MSBuildAsync(both, "-t:Both", "-m:1");

        Assert.Multiple(() =>
        {
            Assert.That(result.Succeeded, result.Output);
            Assert.That(build.Aws.Calls.Count(c => c.Operation == "AssumeRole"), Is.EqualTo(2));
            Assert.That(build.Aws.Calls.Count(c => c.Operation == "GetLayerVersionByArn"), Is.EqualTo(2));
        });
    }

    private static void WriteRoleProfile(LayerBuild build)
    {
        foreach (var name in build.Aws.Key.Environment.Keys)
        {
            build.Sandbox.Environment.Remove(name);
        }

        build.Sandbox.Write("home/.aws/credentials", $"""
            [default]
            aws_access_key_id = {build.Aws.Key.AccessKeyId}
            aws_secret_access_key = {build.Aws.Key.SecretAccessKey}
            """);
        build.Sandbox.Write("home/.aws/config", $"""
            [profile deploy]
            role_arn = arn:aws:iam::{FakeAws.AccountId}:role/deploy
            source_profile = default
            region = us-east-1
            """);
    }
}
