using System.Threading.Channels;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.TestKit.Runtime;

/// <summary>
/// An unpacked image that runs as in Lambda: first everything that lies directly in /opt/extensions, in the order of the
/// names, then the entry point, once all extensions have asked for their first event.
/// </summary>
public sealed class RunningImage : IAsyncDisposable
{
    private readonly ImageRoot _image;
    private readonly RuntimeApiStub _lambda;
    private readonly CancellationTokenSource _stop;
    private readonly List<Task<ToolResult>> _extensions = [];
    private readonly Channel<(string Line, Task Sent)> _forwarded = Channel.CreateUnbounded<(string, Task)>();
    private Task<ToolResult>? _function;

    private RunningImage(ImageRoot image, RuntimeApiStub lambda, TimeSpan patience)
    {
        _image = image;
        _lambda = lambda;
        _stop = new CancellationTokenSource(patience);
    }

    /// <summary>The APIs that the image's programs talk to, with what they asked for.</summary>
    public RuntimeApiStub Lambda => _lambda;

    /// <summary>Starts the image.</summary>
    /// <param name="image">Unpacked.</param>
    /// <param name="patience">After this long everything is ended, and what still waits fails.</param>
    public static async Task<RunningImage> StartAsync(ImageRoot image, TimeSpan patience)
    {
        var running = new RunningImage(image, await RuntimeApiStub.StartAsync(), patience);
        try
        {
            var folder = Path.Combine(image.Path, "opt", "extensions");
            IEnumerable<string> names = Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal) : [];
            running._extensions.AddRange(names.Select(file => running.Start([$"/opt/extensions/{Path.GetFileName(file)}"])));
            await running.UnlessEnded(
                running._extensions, running._lambda.WaitForExtensionsAsync(running._extensions.Count, running._stop.Token));
            running._function = running.Start(image.Arguments, running.Forward);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one event; gives the function's answer.</summary>
    /// <exception cref="InvalidOperationException">The function ended instead of answering; with what it printed.</exception>
    public async Task<InvocationResult> InvokeAsync(string payload)
    {
        var answer = _lambda.InvokeAsync(payload, _stop.Token);
        await UnlessEnded([_function!], answer);
        return await answer;
    }

    /// <summary>Waits until a line that the function printed, which has this in it, was delivered to whoever subscribed to logs.</summary>
    public async Task WaitForLogAsync(string text)
    {
        await foreach (var (line, sent) in _forwarded.Reader.ReadAllAsync(_stop.Token))
        {
            await sent;
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }
    }

    /// <summary>Ends the environment; gives what the extensions printed, in the order of their names.</summary>
    public async Task<IReadOnlyList<ToolResult>> ShutdownAsync()
    {
        _lambda.Shutdown();
        return await Task.WhenAll(_extensions);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll([.. _extensions, .. _function is null ? [] : new[] { _function }])
            .ContinueWith(static _ => { }, TaskScheduler.Default);
        await _lambda.DisposeAsync();
        _stop.Dispose();
    }

    private Task<ToolResult> Start(IReadOnlyList<string> program, Action<string>? onLine = null) => ToolRunner.RunAsync(
        _image.Command(program, ("AWS_LAMBDA_RUNTIME_API", _lambda.Address)) with { OnOutputLine = onLine }, _stop.Token);

    private void Forward(string line) => _forwarded.Writer.TryWrite((line, _lambda.SendLogAsync(line, _stop.Token)));

    private async Task UnlessEnded(IReadOnlyList<Task<ToolResult>> programs, Task awaited)
    {
        var first = await Task.WhenAny([awaited, .. programs]);
        if (first is Task<ToolResult> program && !_stop.IsCancellationRequested)
            throw new InvalidOperationException($"A program of the image ended: {(await program).Output}");
        await awaited;
    }
}
