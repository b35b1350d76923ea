using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Verification.Reports;

/// <summary>
/// Tells what was found: into the report where one is wanted, notes and warnings to the log, errors all at once.
/// </summary>
/// <param name="path">Absolute path of a SARIF file; null for none.</param>
/// <param name="log">Hears warnings and notes.</param>
internal sealed class ReportFindings(string? path, IEngineLog log)
{
    /// <summary>Throws <see cref="VerificationException"/> when there are errors.</summary>
    /// <param name="image">How the image is called in the report.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task RunAsync(string image, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        // Images of several architectures have most of their files in common.
        var distinct = findings.DistinctBy(finding => (finding.Rule.Code, finding.Message))
            .Select(finding => finding.Severity == RuleSeverity.Warning && log.IsError(finding.Rule.Code)
                ? finding with { Severity = RuleSeverity.Error } : finding)
            .ToList();
        if (path is not null)
            await SarifReport.WriteAsync(path, image, distinct, cancellationToken);
        foreach (var finding in distinct)
        {
            if (finding.Severity == RuleSeverity.Note)
                log.Normal($"{finding.Rule.Code}: {finding.Diagnostic.Text}");
            else if (finding.Severity == RuleSeverity.Warning)
                log.Warning(finding.Diagnostic);
        }

        var errors = distinct.Where(finding => finding.Severity == RuleSeverity.Error).ToList();
        if (errors.Count > 0)
            throw new VerificationException(errors);
    }
}
