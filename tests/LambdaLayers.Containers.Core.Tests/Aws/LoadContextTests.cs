using System.Reflection;
using System.Runtime.Loader;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Tests.Support;

namespace LambdaLayers.Containers.Core.Tests.Aws;

/// <summary>
/// MSBuild gives each package version a load context of its own, and a reused node keeps them all. AWSSDK.Core by itself
/// finds its helper assemblies by name among those of the whole process, and so another context's.
/// </summary>
public sealed class LoadContextTests : AwsTestBase
{
    private const string Secret = "other/secret/of/forty/characters/length/";

    [Test]
    public async Task Roles_and_sign_ins_work_in_two_load_contexts_of_one_process()
    {
        SsoProfile.Write(Env, DateTime.UtcNow.AddHours(1));
        Env.AppendConfig("""

            [profile role]
            role_arn = arn:aws:iam::123456789012:role/deploy
            source_profile = sso
            """);
        var portal = Serve((_, r) => r.JsonAsync(SsoProfile.RoleCredentials(Secret)));
        Env.Set("AWS_ENDPOINT_URL_SSO", portal.Address.AbsoluteUri);
        var sts = Serve((q, r) => r.XmlAsync(AwsCredentialTests.RoleAnswer));
        Env.Set("AWS_ENDPOINT_URL_STS", sts.Address.AbsoluteUri);
        var server = ServeLambda((_, r) => r.JsonAsync("{}"));

        // The order matters: the second is the one that would find the first one's assemblies.
        await CallInContextAsync("first");
        await CallInContextAsync("second");

        Assert.Multiple(() =>
        {
            Assert.That(server.Requests, Has.Count.EqualTo(2));
            foreach (var request in server.Requests)
                SigV4.Verify(request, Secret);
            Assert.That(sts.Requests, Has.Count.EqualTo(2));
            Assert.That(portal.Requests, Has.Count.EqualTo(2));
        });
    }

    private static async Task CallInContextAsync(string name)
    {
        var core = typeof(AwsClients).Assembly.Location;
        var context = new PackageContext(name, Path.GetDirectoryName(core)!);
        var assembly = context.LoadFromAssemblyPath(core);
        Assert.That(assembly, Is.Not.SameAs(typeof(AwsClients).Assembly), "a copy of its own");
        var probe = context.LoadFromAssemblyPath(typeof(LoadContextProbe).Assembly.Location)
            .GetType(typeof(LoadContextProbe).FullName!)!
            .GetMethod(nameof(LoadContextProbe.CallAsync), BindingFlags.Public | BindingFlags.Static)!;

        await (Task)probe.Invoke(null, ["role"])!;

        Assert.That(
            context.Assemblies.Select(a => a.GetName().Name),
            Does.Contain("AWSSDK.Core").And.Contain("AWSSDK.SecurityToken").And.Contain("AWSSDK.SSO"));
    }

    /// <summary>As MSBuild does it: everything beside the task from there, the rest shared.</summary>
    private sealed class PackageContext(string name, string folder) : AssemblyLoadContext(name)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(folder, assemblyName.Name + ".dll");
            var own = assemblyName.Name is { } n
                && (n.StartsWith("AWSSDK.", StringComparison.Ordinal) || n.StartsWith("LambdaLayers.", StringComparison.Ordinal));
            return own && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
