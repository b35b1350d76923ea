using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>Asserts that something is refused with one code and a message that names what it should.</summary>
internal static class Refused
{
    public static void With(string code, Action action, string mentions = "")
    {
        var error = Assert.Catch<LayersException>(() => action());

        Assert.That(error!.Diagnostic.Code, Is.EqualTo(code), error.Message);
        Assert.That(error.Message, Does.Contain(mentions));
    }

    public static void With(string code, Func<Task> action, string mentions = "") =>
        With(code, () => action().GetAwaiter().GetResult(), mentions);
}
