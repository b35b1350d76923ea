namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC500x: folders under obj.</summary>
internal static partial class EnvironmentErrors
{
    public static LayersException CannotStage(string path, Exception inner) =>
        Error("LLC5008", $"The published files cannot be staged in '{path}': {inner.Message} "
            + "Close what holds files there, or set <LambdaSplitDependencies>false</LambdaSplitDependencies>.", inner);
}
