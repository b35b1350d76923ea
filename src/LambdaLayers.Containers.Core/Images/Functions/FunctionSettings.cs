namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>What a Lambda function's project says about itself; decides what its image gets beside the layers.</summary>
/// <param name="AssemblyName">
/// Name of the project's assembly, without extension; of the program that is started where there is no .NET project.
/// </param>
internal sealed record FunctionSettings(string AssemblyName)
{
    /// <summary>Whether it is a class library, whose handler AWS's .NET runtime loads.</summary>
    public bool IsLibrary { get; init; }

    /// <summary>Whether the published executable brings its own runtime: self-contained or Native AOT.</summary>
    public bool BringsRuntime { get; init; }

    /// <summary>The Lambda runtime that it is for, by the framework or the base image's name; null when unknown.</summary>
    public FunctionRuntime? Runtime { get; init; }

    /// <summary>The image's CMD.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Whether the user replaces the base image's entry point.</summary>
    public bool HasOwnEntryPoint { get; init; }

    /// <summary>Wrapper scripts that start the runtime, outermost first (LambdaExecWrapper); empty for none.</summary>
    public IReadOnlyList<string> ExecWrappers { get; init; } = [];

    /// <summary>Absolute folder in the image that the application goes to.</summary>
    public string WorkingDirectory { get; init; } = "/var/task";

    /// <summary>Absolute path of the published files on this machine.</summary>
    public string PublishDirectory { get; init; } = "";

    /// <summary>What it is made of where that is no .NET project; null for one.</summary>
    public TaskFiles? Task { get; init; }

    /// <summary>Whether the published files that come from packages get an image layer of their own.</summary>
    public bool SplitDependencies { get; init; }
}
