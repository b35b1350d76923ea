using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace LambdaLayers.Containers.Core.Tests.FolderRules;

/// <summary>
/// Which types an assembly's types use, read from its metadata: base types and interfaces, constraints, attributes with their
/// arguments, signatures, local variables, caught exceptions and every token in method bodies. Constants leave no trace there:
/// the compiler copies them.
/// </summary>
internal sealed class TypeUses
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly Collector _collector;
    private readonly HashSet<TypeUse> _found = [];
    private string _from = "";

    private TypeUses(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _collector = new Collector(this);
    }

    /// <summary>All uses, each once.</summary>
    public static IReadOnlyCollection<TypeUse> Of(string assemblyPath)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        var uses = new TypeUses(file);
        foreach (var handle in uses._metadata.TypeDefinitions)
            uses.ReadType(handle);
        return uses._found;
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        _from = NameOf(handle);
        var type = _metadata.GetTypeDefinition(handle);
        Use(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
            Use(_metadata.GetInterfaceImplementation(implemented).Interface);
        ReadGenericParameters(type.GetGenericParameters());
        ReadAttributes(type.GetCustomAttributes());
        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            field.DecodeSignature(_collector, null);
            ReadAttributes(field.GetCustomAttributes());
        }

        foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition))
            ReadMethod(method);
        foreach (var property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
        {
            property.DecodeSignature(_collector, null);
            ReadAttributes(property.GetCustomAttributes());
        }

        foreach (var @event in type.GetEvents().Select(_metadata.GetEventDefinition))
        {
            Use(@event.Type);
            ReadAttributes(@event.GetCustomAttributes());
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        method.DecodeSignature(_collector, null);
        ReadGenericParameters(method.GetGenericParameters());
        ReadAttributes(method.GetCustomAttributes());
        foreach (var parameter in method.GetParameters())
            ReadAttributes(_metadata.GetParameter(parameter).GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            Use(body.LocalSignature);
        foreach (var region in body.ExceptionRegions)
            Use(region.CatchType);
        foreach (var token in IlTokens.Of(body))
            Use(token);
    }

    private void ReadGenericParameters(GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters.Select(_metadata.GetGenericParameter))
        {
            ReadAttributes(parameter.GetCustomAttributes());
            foreach (var constraint in parameter.GetConstraints())
                Use(_metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void ReadAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes.Select(_metadata.GetCustomAttribute))
        {
            Use(attribute.Constructor);
            attribute.DecodeValue(_collector);
        }
    }

    private void Use(EntityHandle handle)
    {
        if (handle.IsNil)
            return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _found.Add(new TypeUse(_from, NameOf((TypeDefinitionHandle)handle), ""));
                break;
            case HandleKind.TypeReference:
                UseReference((TypeReferenceHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_collector, null);
                break;
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                Use(field.GetDeclaringType());
                field.DecodeSignature(_collector, null);
                break;
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                Use(method.GetDeclaringType());
                method.DecodeSignature(_collector, null);
                break;
            case HandleKind.MethodSpecification:
                var generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Use(generic.Method);
                generic.DecodeSignature(_collector, null);
                break;
            case HandleKind.MemberReference:
                UseMember(_metadata.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.StandaloneSignature:
                UseSignature(_metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                break;
        }
    }

    private void UseMember(MemberReference member)
    {
        Use(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Field)
            member.DecodeFieldSignature(_collector, null);
        else
            member.DecodeMethodSignature(_collector, null);
    }

    private void UseSignature(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
            signature.DecodeLocalSignature(_collector, null);
        else
            signature.DecodeMethodSignature(_collector, null);
    }

    private void UseReference(TypeReferenceHandle handle)
    {
        var reference = _metadata.GetTypeReference(handle);
        while (reference.ResolutionScope.Kind == HandleKind.TypeReference)
            reference = _metadata.GetTypeReference((TypeReferenceHandle)reference.ResolutionScope);
        var assembly = reference.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name)
            : "";
        _found.Add(new TypeUse(_from, Full(reference.Namespace, reference.Name), assembly));
    }

    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        return Full(type.Namespace, type.Name);
    }

    private string Full(StringHandle @namespace, StringHandle name) =>
        @namespace.IsNil ? _metadata.GetString(name) : $"{_metadata.GetString(@namespace)}.{_metadata.GetString(name)}";

    /// <summary>Notes each type that a signature or an attribute's value names.</summary>
    private sealed class Collector(TypeUses uses)
        : ISignatureTypeProvider<string, object?>, ICustomAttributeTypeProvider<string>
    {
        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            uses.Use(handle);
            return "";
        }

        // The decoder asks for the name: what typeof() gives is written otherwise than numbers of an enumeration.
        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            uses.Use(handle);
            var reference = reader.GetTypeReference(handle);
            return uses.Full(reference.Namespace, reference.Name);
        }

        public string GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        {
            uses.Use(handle);
            return "";
        }

        // typeof(X) in an attribute: X's full name, with its assembly's name unless that is this one.
        public string GetTypeFromSerializedName(string name)
        {
            if (!name.Contains(',', StringComparison.Ordinal))
                uses._found.Add(new TypeUse(uses._from, name.Split('+', '`')[0], ""));
            return "";
        }

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => "";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => "";

        public string GetArrayType(string elementType, ArrayShape shape) => "";

        public string GetByReferenceType(string elementType) => "";

        public string GetPointerType(string elementType) => "";

        public string GetPinnedType(string elementType) => "";

        public string GetSZArrayType(string elementType) => "";

        public string GetGenericMethodParameter(object? genericContext, int index) => "";

        public string GetGenericTypeParameter(object? genericContext, int index) => "";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

        public string GetSystemType() => "System.Type";

        public bool IsSystemType(string type) => type == "System.Type";

        // No attribute that the engine uses takes an enumeration of another size.
        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;
    }
}
