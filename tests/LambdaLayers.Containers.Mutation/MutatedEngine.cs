using Mono.Cecil;
using Mono.Cecil.Cil;

namespace LambdaLayers.Containers.Mutation;

/// <summary>
/// The engine as Stryker compiled it: with every mutant, each behind a call of <c>MutantControl.IsActive(id)</c>. Stryker's own body of
/// that method asks the environment and files and keeps locked lists; with two fields instead, a mutant is switched on in no time
/// and coverage costs one write. Processes that tests start run without a mutant.
/// </summary>
internal static class MutatedEngine
{
    public const string Assembly = "LambdaLayers.Containers.Core";
    public const string ControlType = "MutantControl";

    /// <summary>Static field: the number of the mutant that is on, or <see cref="None"/>.</summary>
    public const string ActiveField = "ActiveMutant";

    /// <summary>
    /// Static field: bytes by number, written while no mutant is on; not 0 if it was run, with <see cref="StaticBit"/> if a static
    /// initialiser did, so not again in this process.
    /// </summary>
    public const string CoveredField = "Covered";

    public const byte StaticBit = 1 << 1;

    public const int None = -1;

    /// <summary>Changes the engine's assembly in place.</summary>
    public static void Rewrite(string path)
    {
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { InMemory = true });
        var control = module.GetTypes().Single(type => type.Name == ControlType);
        var inStatic = module.GetTypes().Single(type => type.Name == "MutantContext").Methods.Single(method => method.Name == "InStatic");
        var active = control.Fields.Single(field => field.Name == ActiveField);
        var covered = new FieldDefinition(
            CoveredField, FieldAttributes.Public | FieldAttributes.Static, new ArrayType(module.TypeSystem.Byte));
        control.Fields.Add(covered);
        var isActive = control.Methods.Single(method => method.Name == "IsActive");
        var numbers = HighestNumber(module, isActive) + 1;

        Replace(control.Methods.Single(method => method.IsConstructor && method.IsStatic), code =>
        {
            code.Emit(OpCodes.Ldc_I4, numbers);
            code.Emit(OpCodes.Newarr, module.TypeSystem.Byte);
            code.Emit(OpCodes.Stsfld, covered);
            code.Emit(OpCodes.Ldc_I4, None);
            code.Emit(OpCodes.Stsfld, active);
            code.Emit(OpCodes.Ret);
        });
        Replace(isActive, code =>
        {
            // if (active == None) covered[id] |= (byte)(1 << InStatic()); return active == id;
            var answer = code.Create(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldsfld, active);
            code.Emit(OpCodes.Ldc_I4, None);
            code.Emit(OpCodes.Bne_Un, answer);
            code.Emit(OpCodes.Ldsfld, covered);
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldsfld, covered);
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldelem_U1);
            code.Emit(OpCodes.Ldc_I4_1);
            code.Emit(OpCodes.Call, inStatic);
            code.Emit(OpCodes.Shl);
            code.Emit(OpCodes.Or);
            code.Emit(OpCodes.Conv_U1);
            code.Emit(OpCodes.Stelem_I1);
            code.Append(answer);
            code.Emit(OpCodes.Ldsfld, active);
            code.Emit(OpCodes.Ceq);
            code.Emit(OpCodes.Ret);
        });
        module.Write(path);
    }

    private static int HighestNumber(ModuleDefinition module, MethodDefinition isActive) =>
        module.GetTypes()
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Where(code => code.OpCode == OpCodes.Call && code.Operand == isActive)
            .Max(code => Constant(code.Previous));

    private static int Constant(Instruction code) => code.OpCode.Code switch
    {
        >= Code.Ldc_I4_0 and <= Code.Ldc_I4_8 => code.OpCode.Code - Code.Ldc_I4_0,
        Code.Ldc_I4_S => (sbyte)code.Operand,
        Code.Ldc_I4 => (int)code.Operand,
        _ => throw new InvalidOperationException($"A mutant's number is not a constant: {code}."),
    };

    private static void Replace(MethodDefinition method, Action<ILProcessor> write)
    {
        method.Body.Instructions.Clear();
        method.Body.ExceptionHandlers.Clear();
        method.Body.Variables.Clear();
        write(method.Body.GetILProcessor());
    }
}
