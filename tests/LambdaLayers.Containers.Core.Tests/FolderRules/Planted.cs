// One violation of each kind, which the tests of the architecture test must find: Low may not use High.
using LambdaLayers.Containers.Core.Tests.FolderRules.Planted.High;

#pragma warning disable CA1812, CA1823, CS0169, CS0649, IDE0044, IDE0051, IDE0052, CA1050, CA1720
namespace LambdaLayers.Containers.Core.Tests.FolderRules.Planted.Low
{
    internal sealed class InField
    {
        private Thing? _thing;
    }

    internal sealed class InLocalVariable
    {
        public static string Run()
        {
            Thing? thing = Maker.Make();
            return thing?.ToString() ?? "";
        }
    }

    internal sealed class InMethodBody
    {
        public static void Run() => Maker.Run();
    }

    internal sealed class InParameter
    {
        public static void Run(Thing thing) => _ = thing;
    }

    internal sealed class InReturnValue
    {
        public static Thing? Run() => null;
    }

    internal sealed class InProperty
    {
        public Thing? Thing => null;
    }

    internal sealed class InGenericArgument
    {
        private List<Thing[]>? _things;
    }

    internal sealed class InGenericMethod
    {
        public static object Run() => Array.Empty<Thing>();
    }

    internal sealed class InConstraint<T>
        where T : Thing;

    [Mark]
    internal sealed class InAttribute;

    [System.ComponentModel.TypeConverter(typeof(Thing))]
    internal sealed class InAttributeArgument;

    internal sealed class InBaseType : Thing;

    internal sealed class InInterface : IThing;

    internal sealed class InCatch
    {
        public static void Run()
        {
            try
            {
                Console.WriteLine();
            }
            catch (ThingException)
            {
                throw;
            }
        }
    }

    internal sealed class InTypeof
    {
        public static Type Run() => typeof(Thing);
    }

    internal sealed class InNestedLambda
    {
        public static Func<Func<object?>> Run(int number) => () => () => number > 0 ? Maker.Make() : null;
    }

    internal sealed class InAsyncMethod
    {
        public static async Task RunAsync()
        {
            await Task.Yield();
            Maker.Run();
        }
    }

    internal sealed class InIterator
    {
        public static IEnumerable<object?> Run()
        {
            yield return Maker.Make();
        }
    }

    internal sealed class InNestedType
    {
        internal sealed class Inner
        {
            private Thing? _thing;
        }
    }

    /// <summary>Uses what it may, and has words like Planted.High.Thing in text only.</summary>
    internal sealed class Clean
    {
        public static string Run() => typeof(InField).FullName + "LambdaLayers.Containers.Core.Tests.FolderRules.Planted.High.Thing";
    }
}

namespace LambdaLayers.Containers.Core.Tests.FolderRules.Planted.High
{
    internal interface IThing;

    internal class Thing : IThing;

    internal sealed class ThingException : Exception;

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class MarkAttribute : Attribute;

    internal static class Maker
    {
        public static Thing? Make() => null;

        public static void Run() => _ = typeof(Low.Clean);
    }
}
