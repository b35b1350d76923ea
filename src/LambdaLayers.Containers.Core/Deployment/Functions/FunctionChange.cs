namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>A difference between a function and what it should be. Values of variables are never in it: they may be secrets.</summary>
/// <param name="What">The setting, in the words of Lambda's API.</param>
/// <param name="From">How it is; empty when it is not set.</param>
/// <param name="To">How it is to be.</param>
internal sealed record FunctionChange(string What, string From, string To)
{
    public override string ToString() => From.Length == 0 ? $"{What}: {To}" : $"{What}: {From} -> {To}";
}
