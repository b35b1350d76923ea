using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>The coded failure of something that must fail.</summary>
internal static class Failure
{
    public static async Task<LayersException> OfAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (LayersException e)
        {
            Assert.That(e.Message, Does.Not.Contain("\n"), "one line for MSBuild");
            return e;
        }

        throw new AssertionException("It did not fail.");
    }
}
