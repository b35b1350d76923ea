using System.Reflection;
using System.Runtime.Loader;

namespace LambdaLayers.Containers.LambdaRuntime;

/// <summary>
/// Runs a class library's handler, <c>assembly::type::method</c>, of a method from stream to stream, as AWS's runtime support
/// does: with the function's own dependency manifest and from the function's folder.
/// </summary>
internal static class LambdaRuntime
{
    public static async Task Main(string[] arguments)
    {
        var folder = Environment.GetEnvironmentVariable("LAMBDA_TASK_ROOT")!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            context.LoadFromAssemblyPath(Path.Combine(folder, name.Name + ".dll"));
        var handler = Handler(arguments[0].Split("::"));
        using var http = new HttpClient
        {
            BaseAddress = new Uri(
                $"http://{Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")}/2018-06-01/runtime/invocation/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        while (true)
        {
            using var next = await http.GetAsync(new Uri("next", UriKind.Relative));
            next.EnsureSuccessStatusCode();
            var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();
            using var answer = new StreamContent(await handler(await next.Content.ReadAsStreamAsync()));
            using var response = await http.PostAsync(new Uri($"{id}/response", UriKind.Relative), answer);
            response.EnsureSuccessStatusCode();
        }
    }

    private static Func<Stream, Task<Stream>> Handler(string[] parts)
    {
        var type = Assembly.Load(new AssemblyName(parts[0])).GetType(parts[1], throwOnError: true)!;
        return type.GetMethod(parts[2])!.CreateDelegate<Func<Stream, Task<Stream>>>(Activator.CreateInstance(type));
    }
}
