namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>What must be known of an extension project besides the files that it publishes.</summary>
/// <param name="Name">Its assembly's name: the extension's file name, under which it registers.</param>
/// <param name="SelfContained">Whether it brings its own .NET, or needs none.</param>
/// <param name="Native">Whether Native AOT makes it.</param>
internal sealed record ExtensionDescription(string Name, bool SelfContained, bool Native);
