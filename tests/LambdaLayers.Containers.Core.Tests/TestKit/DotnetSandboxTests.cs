using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

public sealed class DotnetSandboxTests
{
    [TestCase("AWS_SECRET_ACCESS_KEY")]
    [TestCase("https_proxy")]
    [TestCase("NO_PROXY")]
    [TestCase("ContainerRegistry")]
    [TestCase("DOTNET_CONTAINER_PUSH_REGISTRY_UNAME")]
    [TestCase("MSBuildSDKsPath")]
    [TestCase("GITHUB_TOKEN")]
    [TestCase("CI")]
    public void Variables_that_change_a_build_do_not_reach_it(string name)
    {
        Assert.That(CleanEnvironment.IsToxic(name), Is.True);
    }

    [TestCase("PATH")]
    [TestCase("DOTNET_ROOT")]
    [TestCase("SSL_CERT_FILE")]
    public void Variables_that_tools_need_stay(string name)
    {
        Assert.That(CleanEnvironment.IsToxic(name), Is.False);
    }

    [Test]
    public void Packages_under_test_come_from_the_local_feed_only()
    {
        var config = PackageSources.Config("/feed", ["https://packages.invalid/a&b"], null);

        Assert.That(config, Does.Contain("""<packageSource key="under-test"><package pattern="LambdaLayers.*" />"""));
        Assert.That(config, Does.Contain("""value="https://packages.invalid/a&amp;b" """.TrimEnd()));
        Assert.That(config, Does.Contain("""<packageSource key="client-0"><package pattern="*" />"""));
    }

    [Test]
    public async Task A_build_sees_its_own_home_and_leaves_a_binary_log()
    {
        using var sandbox = await DotnetSandbox.CreateAsync(null);
        sandbox.UsesBuildServer = false;
        var project = sandbox.WriteProject("Probe", """
            <Project>
              <Target Name="Build">
                <Message Importance="high" Text="home $(HOME) nodes $(MSBUILDDISABLENODEREUSE) above $(RepositoryRoot)." />
              </Target>
            </Project>
            """);

        var result = await sandbox.MSBuildAsync(project, "-t:Build");

        Assert.That(result.EnsureSucceeded().Output, Does.Contain($"home {sandbox.Home} nodes 1 above ."));
        Assert.That(result.BinlogPath, Does.Exist);
    }

    [Test]
    public async Task A_failing_build_is_reported_with_its_output()
    {
        using var sandbox = await DotnetSandbox.CreateAsync(null);
        sandbox.UsesBuildServer = false;
        var project = sandbox.WriteProject("Broken", """
            <Project><Target Name="Build"><Error Code="T0001" Text="no such luck" /></Target></Project>
            """);

        var result = await sandbox.MSBuildAsync(project);

        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.Output, Does.Contain("error T0001: no such luck"));
    }
}
