using System.IO.Compression;
using System.Reflection;
using System.Runtime.Loader;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>The packed task assembly, loaded as MSBuild does: dependencies by its deps.json, MSBuild's own from the host.</summary>
internal sealed class PackedTasks : AssemblyLoadContext, IDisposable
{
    private readonly TempRoot _root;
    private readonly AssemblyDependencyResolver _resolver;

    private PackedTasks(TempRoot root, string path) : base(isCollectible: true)
    {
        _root = root;
        _resolver = new AssemblyDependencyResolver(path);
        Assembly = LoadFromAssemblyPath(path);
    }

    public Assembly Assembly { get; }

    public static PackedTasks Load(PackedPackage package)
    {
        var root = new TempRoot();
        ZipFile.ExtractToDirectory(package.NupkgPath, root.Path);
        return new PackedTasks(root, root.File("tasks", "net10.0", "LambdaLayers.Containers.dll"));
    }

    public Assembly LoadCore() => LoadFromAssemblyName(new AssemblyName("LambdaLayers.Containers.Core"));

    public void Dispose()
    {
        Unload();
        _root.Dispose();
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name!.StartsWith("Microsoft.Build", StringComparison.Ordinal)
            ? null
            : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
}
