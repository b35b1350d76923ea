using Microsoft.Build.Logging.StructuredLogger;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>An error or a warning of a build.</summary>
internal sealed record BuildProblem(string Code, string File, string Text)
{
    public static BuildProblem From(AbstractDiagnostic diagnostic) =>
        new(diagnostic.Code ?? "", diagnostic.File ?? "", diagnostic.Text ?? "");
}
