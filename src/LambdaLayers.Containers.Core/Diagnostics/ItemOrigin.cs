namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>Where a <c>LambdaLayer</c> item was written.</summary>
/// <param name="Include">The Include as the user spelled it.</param>
/// <param name="File">The project file that defines it (DefiningProjectFullPath), or null.</param>
internal sealed record ItemOrigin(string Include, string? File = null);
