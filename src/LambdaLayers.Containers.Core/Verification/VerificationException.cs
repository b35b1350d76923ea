using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Verification;

/// <summary>An image that must not be published as it is. Each finding is an error of its own.</summary>
/// <param name="findings">At least one error.</param>
internal sealed class VerificationException(IReadOnlyList<Finding> findings) : LayersException(findings[0].Diagnostic)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Diagnostic> Diagnostics => [.. findings.Select(finding => finding.Diagnostic)];
}
