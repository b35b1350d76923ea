namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC500x: archives.</summary>
internal static partial class EnvironmentErrors
{
    public static LayersException CannotWriteArchive(string path, Exception inner) =>
        Error("LLC5009", $"The archive '{path}' cannot be written: {inner.Message} "
            + "Set ContainerArchiveOutputPath to a file that this user can write.", inner);
}
