using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using LambdaLayers.Containers.Core.Images.Functions;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Looks for a handler's type and method in assemblies' metadata; nothing is loaded. The runtime takes methods of any
/// visibility, inherited ones too.
/// </summary>
internal sealed record HandlerLookup(bool HasType, bool HasMethod)
{
    private const int DeepestInheritance = 50;

    /// <summary>A name that differs in case or namespace only, or the only handler-like one.</summary>
    public string? Alike { get; private init; }

    /// <summary>What is there; null when it cannot be told, because an assembly is not at hand or none.</summary>
    public static async Task<HandlerLookup?> FindAsync(InspectedImage image, HandlerName handler,
        CancellationToken cancellationToken)
    {
        var (assembly, type, method) = (handler.Assembly, handler.Type, handler.Method);
        HandlerLookup? first = null;
        for (var depth = 0; depth < DeepestInheritance; depth++)
        {
            if (await ReadAsync(image, assembly, cancellationToken) is not { } bytes)
                return null;
            using var file = new PEReader(new MemoryStream(bytes, writable: false));
            try
            {
                if (!file.HasMetadata)
                    return null;
                var metadata = file.GetMetadataReader();
                if (Find(metadata, type) is not { } definition)
                {
                    // A type that lives elsewhere by now is for the loader to follow.
                    if (depth > 0 || metadata.ExportedTypes.Any(handle => FullName(metadata, handle) == type))
                        return null;
                    return new HandlerLookup(false, false) { Alike = AlikeType(metadata, type) };
                }

                var names = definition.GetMethods()
                    .Select(handle => metadata.GetString(metadata.GetMethodDefinition(handle).Name)).ToList();
                if (names.Contains(method, StringComparer.Ordinal))
                    return new HandlerLookup(true, true);
                first ??= new HandlerLookup(true, false) { Alike = AlikeMethod(names, method) };
                if (BaseOf(metadata, definition, assembly) is not var (nextAssembly, nextType))
                    return null;
                // Nothing of the framework's has handlers.
                if (nextAssembly is "System.Runtime" or "System.Private.CoreLib" or "netstandard" or "mscorlib")
                    return first;
                (assembly, type) = (nextAssembly, nextType);
            }
            catch (BadImageFormatException)
            {
                return null;
            }
        }

        return null;
    }

    private static async Task<byte[]?> ReadAsync(InspectedImage image, string assembly,
        CancellationToken cancellationToken) =>
        image.Files.Find($"{image.TaskRoot}/{assembly}.dll") is { IsFile: true } file
            ? await image.Files.ReadAsync(file, cancellationToken) : null;

    private static TypeDefinition? Find(MetadataReader metadata, string name)
    {
        foreach (var handle in metadata.TypeDefinitions)
        {
            var definition = metadata.GetTypeDefinition(handle);
            if (FullName(metadata, definition) == name)
                return definition;
        }

        return null;
    }

    private static (string Assembly, string Type)? BaseOf(MetadataReader metadata, TypeDefinition definition,
        string assembly)
    {
        var handle = definition.BaseType;
        if (handle.Kind == HandleKind.TypeSpecification)
        {
            // A generic base class: GENERICINST, CLASS, then which one (ECMA-335, II.23.2.14).
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
            if (signature.ReadByte() != 0x15 || signature.ReadByte() != 0x12)
                return null;
            handle = signature.ReadTypeHandle();
        }

        if (handle.IsNil)
            return null;
        if (handle.Kind == HandleKind.TypeDefinition)
            return (assembly, FullName(metadata, metadata.GetTypeDefinition((TypeDefinitionHandle)handle)));
        var reference = metadata.GetTypeReference((TypeReferenceHandle)handle);
        return reference.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? (metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name),
                Join(metadata.GetString(reference.Namespace), metadata.GetString(reference.Name)))
            : null;
    }

    // As reflection spells it: Namespace.Outer+Nested.
    private static string FullName(MetadataReader metadata, TypeDefinition definition)
    {
        var name = metadata.GetString(definition.Name);
        var outer = definition.GetDeclaringType();
        return outer.IsNil
            ? Join(metadata.GetString(definition.Namespace), name)
            : $"{FullName(metadata, metadata.GetTypeDefinition(outer))}+{name}";
    }

    private static string FullName(MetadataReader metadata, ExportedTypeHandle handle)
    {
        var type = metadata.GetExportedType(handle);
        return Join(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    private static string Join(string @namespace, string name) => @namespace.Length == 0 ? name
        : $"{@namespace}.{name}";

    private static string? AlikeType(MetadataReader metadata, string wanted)
    {
        var simple = wanted[(wanted.LastIndexOfAny(['.', '+']) + 1)..];
        return metadata.TypeDefinitions.Select(handle => FullName(metadata, metadata.GetTypeDefinition(handle)))
            .FirstOrDefault(name => name[(name.LastIndexOfAny(['.', '+']) + 1)..].Equals(simple,
                StringComparison.OrdinalIgnoreCase));
    }

    private static string? AlikeMethod(List<string> names, string wanted)
    {
        var handlers = names.FindAll(name => !name.StartsWith('.') && !name.StartsWith('<'));
        return handlers.Find(name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase)
                || name.Equals(wanted + "Async", StringComparison.OrdinalIgnoreCase)
                || (name + "Async").Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? (handlers is [var only] ? only : null);
    }
}
