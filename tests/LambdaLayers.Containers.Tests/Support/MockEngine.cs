using System.Collections;
using System.Collections.Concurrent;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers.Tests.Support;

/// <summary>What a task sees of MSBuild: records its messages, and owns its objects until the build ends.</summary>
internal sealed class MockEngine : IBuildEngine4, IDisposable
{
    private readonly ConcurrentDictionary<object, object> _objects = new();

    public List<BuildErrorEventArgs> Errors { get; } = [];

    public List<BuildWarningEventArgs> Warnings { get; } = [];

    public List<BuildMessageEventArgs> Messages { get; } = [];

    /// <summary>The lines that every build shows.</summary>
    public IEnumerable<string?> HighLines => Messages.Where(m => m.Importance == MessageImportance.High).Select(m => m.Message);

    /// <summary>Objects that tasks left in the engine's care, to be ended with the build.</summary>
    public int RegisteredObjects => _objects.Values.OfType<IDisposable>().Count();

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "/src/Fn/Fn.csproj";

    public bool IsRunningMultipleNodes => false;

    public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add(e);

    public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Add(e);

    public void LogMessageEvent(BuildMessageEventArgs e) => Messages.Add(e);

    public void LogCustomEvent(CustomBuildEventArgs e)
    {
    }

    public void RegisterTaskObject(object key, object obj, RegisteredTaskObjectLifetime lifetime, bool allowEarlyCollection)
    {
        Assert.That(lifetime, Is.EqualTo(RegisteredTaskObjectLifetime.Build), "nothing may outlive the build");
        Assert.That(allowEarlyCollection, Is.False);
        Assert.That(_objects.TryAdd(key, obj), Is.True, $"two objects under {key}");
    }

    public object? GetRegisteredTaskObject(object key, RegisteredTaskObjectLifetime lifetime) => _objects.GetValueOrDefault(key);

    public object? UnregisterTaskObject(object key, RegisteredTaskObjectLifetime lifetime) =>
        _objects.TryRemove(key, out var value) ? value : null;

    /// <summary>The end of the build, as MSBuild does it.</summary>
    public void Dispose()
    {
        foreach (var value in _objects.Values.OfType<IDisposable>())
        {
            value.Dispose();
        }

        _objects.Clear();
    }

    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) =>
        throw new NotSupportedException();

    public bool BuildProjectFile(
        string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs, string toolsVersion) =>
        throw new NotSupportedException();

    public bool BuildProjectFilesInParallel(
        string[] projectFileNames, string[] targetNames, IDictionary[] globalProperties, IDictionary[] targetOutputsPerProject,
        string[] toolsVersion, bool useResultsCache, bool unloadProjectsOnCompletion) => throw new NotSupportedException();

    public BuildEngineResult BuildProjectFilesInParallel(
        string[] projectFileNames, string[] targetNames, IDictionary[] globalProperties, IList<string>[] removeGlobalProperties,
        string[] toolsVersion, bool returnTargetOutputs) => throw new NotSupportedException();

    public void Yield()
    {
    }

    public void Reacquire()
    {
    }
}
