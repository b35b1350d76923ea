using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Tests.Support;

namespace LambdaLayers.Containers.Tests;

public sealed class LayersTaskTests
{
    [Test]
    public void A_failure_that_the_user_can_mend_is_one_error_with_code_file_and_help()
    {
        using var engine = new MockEngine();
        using var task = new ProbeTask(_ => throw LayerItemErrors.UnknownKind("Zap").For(new ItemOrigin("layer.zip", "/src/Fn/Fn.csproj")))
        {
            BuildEngine = engine,
        };

        var succeeded = task.Execute();

        var error = engine.Errors.Single();
        Assert.That(succeeded, Is.False);
        Assert.That(error.Code, Is.EqualTo("LLC2002"));
        Assert.That(error.File, Is.EqualTo("/src/Fn/Fn.csproj"));
        Assert.That(error.Message, Does.StartWith("LambdaLayer 'layer.zip': Kind 'Zap' is unknown."));
        Assert.That(error.HelpLink, Does.EndWith("docs/diagnostics.md#llc2002"));
    }

    [Test]
    public void Braces_and_percent_signs_of_a_message_stay_as_they_are()
    {
        using var engine = new MockEngine();
        using var task = new ProbeTask(_ => throw LayerItemErrors.UnknownKind("{0} %20 {")) { BuildEngine = engine };

        task.Execute();

        Assert.That(engine.Errors.Single().Message, Does.Contain("'{0} %20 {'"));
    }

    [Test]
    public void A_cancelled_task_fails_without_an_error_of_its_own()
    {
        using var engine = new MockEngine();
        var started = new ManualResetEventSlim();
        using var task = new ProbeTask(async token =>
        {
            started.Set();
            await Task.Delay(Timeout.Infinite, token);
        })
        {
            BuildEngine = engine,
        };

        var running = Task.Run(task.Execute);
        started.Wait();
        task.Cancel();

        Assert.That(async () => await running, Is.False);
        Assert.That(engine.Errors, Is.Empty);
        Assert.That(engine.Warnings, Is.Empty);
    }

    [Test]
    public void A_time_out_that_nobody_asked_for_is_not_taken_for_a_cancelled_build()
    {
        using var task = new ProbeTask(_ => throw new OperationCanceledException("timed out")) { BuildEngine = new MockEngine() };

        Assert.That(() => task.Execute(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_bug_is_left_to_MSBuild_to_report()
    {
        using var engine = new MockEngine();
        using var task = new ProbeTask(_ => throw new InvalidOperationException("a bug")) { BuildEngine = engine };

        Assert.That(() => task.Execute(), Throws.InvalidOperationException.With.Message.EqualTo("a bug"));
        Assert.That(engine.Errors, Is.Empty);
    }
}
