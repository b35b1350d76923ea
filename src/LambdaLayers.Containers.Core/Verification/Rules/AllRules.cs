namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>Every rule, in the order of docs/verification.md.</summary>
internal static class AllRules
{
    public static IReadOnlyList<ImageRule> List { get; } =
    [
        new ParentFolderRule(),
        new LanguageHandlerRule(), OtherLanguageRule.Instance, new LanguageFunctionRule(), new LanguageFolderRule(),
        new LiveCredentialRule(),
        .. SecretShapeRule.Kinds,
    ];
}
