namespace LambdaLayers.Containers.Core.Tests.FolderRules;

/// <summary>One type of an assembly names another one.</summary>
/// <param name="From">Full name of the outermost type that the code stands in: lambdas and state machines belong to it.</param>
/// <param name="To">Full name of the outermost type that is used.</param>
/// <param name="Assembly">Simple name of the assembly that has it; empty for the same one.</param>
internal sealed record TypeUse(string From, string To, string Assembly)
{
    /// <summary>The namespace of <see cref="From"/>.</summary>
    public string FromNamespace => NamespaceOf(From);

    /// <summary>The namespace of <see cref="To"/>.</summary>
    public string ToNamespace => NamespaceOf(To);

    private static string NamespaceOf(string name) => name.LastIndexOf('.') is var dot and > 0 ? name[..dot] : "";
}
