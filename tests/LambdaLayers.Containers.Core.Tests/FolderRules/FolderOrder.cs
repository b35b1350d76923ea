namespace LambdaLayers.Containers.Core.Tests.FolderRules;

/// <summary>Folders in an order, each of which may use only those before it; the root folder comes last.</summary>
internal sealed class FolderOrder(string rootNamespace, params string[] folders)
{
    public IReadOnlyList<string> Folders { get; } = folders;

    /// <summary>Uses of a later folder, as <c>Folder.Type -> Later</c>, sorted.</summary>
    public IReadOnlyList<string> Offences(IEnumerable<TypeUse> uses) =>
    [
        .. from use in uses
           where use.Assembly.Length == 0 && IsOurs(use.FromNamespace) && IsOurs(use.ToNamespace)
           where Place(use.ToNamespace) > Place(use.FromNamespace)
           select $"{use.From[(rootNamespace.Length + 1)..]} -> {FolderOf(use.ToNamespace)}" into offence
           group offence by offence into same
           orderby same.Key
           select same.Key,
    ];

    /// <summary>The folder of a namespace; empty for the root.</summary>
    public string FolderOf(string @namespace) =>
        @namespace == rootNamespace ? "" : @namespace[(rootNamespace.Length + 1)..].Split('.')[0];

    /// <summary>Whether the namespace is the root or below it; the compiler's own types are elsewhere.</summary>
    public bool IsOurs(string @namespace) =>
        @namespace == rootNamespace || @namespace.StartsWith(rootNamespace + ".", StringComparison.Ordinal);

    private int Place(string @namespace)
    {
        var folder = FolderOf(@namespace);
        var place = folder.Length == 0 ? Folders.Count : Folders.ToList().IndexOf(folder);
        return place >= 0 ? place : throw new InvalidOperationException($"{@namespace} has no place in the order.");
    }
}
