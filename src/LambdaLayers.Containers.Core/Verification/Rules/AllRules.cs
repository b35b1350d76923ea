namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>Every rule, in the order of docs/verification.md.</summary>
internal static class AllRules
{
    public static IReadOnlyList<ImageRule> List { get; } =
    [
        // The manifest, and how its layers are stored.
        new IndexRule(), new ManifestTypeRule(), new MixedTypesRule(), new UncompressedLayerRule(), new ZstdLayerRule(),
        new LayerTypeRule(), new CompressionRule(), new GzipMemberRule(), new UnreadableLayerRule(), new DiffIdRule(),
        new SizeRule(), new LayerCountRule(), new RegistryLimitRule(), new PlatformRule(),

        // Files.
        new ParentFolderRule(), new EntryNameRule(), new ReadableRule(), new WrongMachineRule(),
            new MixedMachinesRule(),
        new LibraryRule(), new OverwrittenFileRule(),

        // What is started.
        new MissingProgramRule(), new ExecutableRule(), new ProgramFormatRule(), new InterpreterRule(),
            new LineEndRule(),
        new LoaderRule(), new ProgramLibraryRule(), new ProgramMachineRule(), new EntryPointLinkRule(),
        new ExtensionCountRule(), new ExtensionFolderRule(), new IgnoredWrapperRule(),

        // The function.
        new CommandRule(), new HandlerFormRule(), new HandlerAssemblyRule(), new HandlerTypeRule(),
            new HandlerMethodRule(),
        new ManifestFilesRule(), new LambdaCoreRule(), new FrameworkRule(), new RuntimeClientRule(),

        // Functions of other languages.
        new LanguageHandlerRule(), OtherLanguageRule.Instance, new LanguageFunctionRule(), new LanguageFolderRule(),

        // The config.
        new EnvironmentSizeRule(), new ReservedVariableRule(), new WorkingDirectoryRule(), new UserRule(),
            new SearchPathRule(),
        new CutValueRule(),

        // Secrets.
        new LiveCredentialRule(), .. SecretShapeRule.Kinds,
    ];
}
