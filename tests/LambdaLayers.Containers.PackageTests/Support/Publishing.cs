using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>The ways in which stories publish.</summary>
internal static class Publishing
{
    /// <summary><c>dotnet publish -t:PublishContainer</c>; succeeds or fails the test.</summary>
    public static async Task<DotnetResult> PublishContainerAsync(
        this DotnetSandbox sandbox, string project, params string[] arguments) =>
        (await sandbox.PublishAsync(project, ["-t:PublishContainer", .. arguments])).EnsureSucceeded();

    /// <summary><c>dotnet publish --no-build -t:PublishContainer</c>: the image of what is built; succeeds or fails the test.</summary>
    public static Task<DotnetResult> MakeImageAsync(this DotnetSandbox sandbox, string project, params string[] arguments) =>
        sandbox.PublishContainerAsync(project, ["--no-build", .. arguments]);

    /// <summary>Writes a zip layer with one file into a project's folder.</summary>
    public static void WriteZip(this DotnetSandbox sandbox, string project, string name, string file, string content) =>
        File.WriteAllBytes(
            sandbox.File("src", project, name),
            new LambdaLayers.Containers.TestKit.Zips.ZipBuilder().File(file, content).Build());
}
