namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>An extension project as its evaluation for one image shows it.</summary>
/// <param name="AssemblyName">Its AssemblyName.</param>
/// <param name="OutputType">Its OutputType.</param>
/// <param name="SelfContained">Its SelfContained, which Native AOT implies.</param>
/// <param name="PublishAot">Its PublishAot.</param>
/// <param name="TargetFrameworks">All of them, where it was not said which one; empty otherwise.</param>
internal sealed record ExtensionProject(
    string AssemblyName, string OutputType, bool SelfContained, bool PublishAot, IReadOnlyList<string> TargetFrameworks);
