namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC5004: the project's intermediate folder.</summary>
internal static partial class EnvironmentErrors
{
    public static LayersException CannotWriteBuildFolder(string path, Exception inner) =>
        Error("LLC5004", $"'{path}' cannot be written: {inner.Message} It lies below the project's intermediate folder "
            + "(obj), which this user must be able to write.", inner);
}
