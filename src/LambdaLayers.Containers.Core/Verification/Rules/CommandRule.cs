using LambdaLayers.Containers.Core.Images.Functions;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// AWS's entry script exits with 142 unless it gets one argument, the handler. The function's configuration can give
/// it too.
/// </summary>
internal sealed class CommandRule() : ImageRule(
    FunctionImageErrors.CommandNotSingleCode, RuleSeverity.Error, "The command is not the handler "
        + "alone", "https://github.com/aws/aws-lambda-dotnet/pull/970")
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (image.IsRun && image.HasAwsEntryPoint && image.Config.Command.Count > 1)
            yield return Found(FunctionImageErrors.CommandNotSingle(image.Config.Command).Diagnostic.Message);
    }
}
