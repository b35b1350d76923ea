using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Diagnostics;

/// <summary>
/// Every error of the engine as users read it, for review in one file: each factory of each class of errors, called with the names of
/// its parameters, and once more for each parameter that changes what is said.
/// </summary>
public sealed class ErrorTextTests
{
    [Test]
    public void Every_error_has_the_approved_words()
    {
        var text = new StringBuilder();
        foreach (var type in typeof(Engine).Assembly.GetTypes().Where(t => t.Name.EndsWith("Errors", StringComparison.Ordinal) && t.IsAbstract)
            .OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName!.Replace("LambdaLayers.Containers.Core.", "", StringComparison.Ordinal)).Append('\n');
            foreach (var factory in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Where(m => m.ReturnType.IsAssignableTo(typeof(Exception)) || m.ReturnType == typeof(Diagnostic))
                .OrderBy(m => m.ToString(), StringComparer.Ordinal))
            {
                foreach (var line in Texts(factory).Distinct())
                    text.Append("  ").Append(line.ReplaceLineEndings(" | ")).Append('\n');
            }
        }

        Approved.Check("LambdaLayers.Containers.Core.Tests", "Diagnostics/Errors.approved.txt", text.ToString());
    }

    private static IEnumerable<string> Texts(MethodInfo factory)
    {
        var parameters = factory.GetParameters();
        var samples = parameters.Select(p => Samples(p).ToList()).ToList();
        yield return Text(factory, [.. samples.Select(s => s[0])]);
        for (var i = 0; i < parameters.Length; i++)
        {
            foreach (var other in samples[i].Skip(1))
                yield return Text(factory, [.. samples.Select((s, at) => at == i ? other : s[0])]);
        }
    }

    private static string Text(MethodInfo factory, object?[] arguments) => factory.Invoke(null, arguments) switch
    {
        LayersException e => $"{e.Diagnostic.Code}: {e.Diagnostic.Message}",
        Diagnostic d => $"{d.Code}: {d.Message}",
        var other => ((Exception)other!).Message,
    };

    private static IEnumerable<object?> Requests()
    {
        var image = ImageReference.Parse("example.com/orders:1.2.0");
        yield return new RegistryRequest(image, HttpMethod.Get, "manifests/1.2.0", "the manifest");
        yield return new RegistryRequest(image, HttpMethod.Get, "blobs/x", "the blob") { Blob = new Descriptor(MediaTypes.OciLayer, Digest.Of("x"u8), 7) };
        yield return new RegistryRequest(image, HttpMethod.Put, "manifests/1.2.0", "the manifest");
    }

    // The usual value first.
    private static IEnumerable<object?> Samples(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        IEnumerable<object?> usual = type switch
        {
            _ when type == typeof(string) => [$"<{parameter.Name}>"],
            _ when type == typeof(int) => [7, 1],
            _ when type == typeof(long) => [1_234_567L],
            _ when type == typeof(bool) => [false, true],
            _ when type == typeof(Digest) => [Digest.Of("x"u8)],
            _ when type == typeof(Platform) => [Platform.LinuxArm64],
            _ when type == typeof(ImageReference) => [ImageReference.Parse("example.com/orders:1.2.0")],
            _ when type == typeof(HttpStatusCode) => [HttpStatusCode.BadGateway],
            _ when type.IsEnum => Enum.GetValues(type).Cast<object?>(),
            _ when type == typeof(LayersException) => [new LayersException("LLC9999", "It broke. Mend it.")],
            _ when type == typeof(Func<Exception, LayersException>) =>
                [(Func<Exception, LayersException>)(cause => new LayersException("LLC9999", $"{cause.Message} Mend it."))],
            _ when type == typeof(HttpFailure) => Enum.GetValues<HttpFailureKind>().Select(kind =>
                new HttpFailure(kind, "example.com", "it broke") { Expected = "<expected>" }),
            _ when type == typeof(Descriptor) => [new Descriptor(MediaTypes.OciManifest, Digest.Of("x"u8), 7)],
            _ when type == typeof(RegistryRequest) => Requests(),
            _ when type == typeof(ServerAnswer) => (object[])
                [ServerAnswer.None, new ServerAnswer("DENIED", null), new ServerAnswer("NAME_INVALID", "the name is bad")],
            _ when type == typeof(HttpResponseMessage) => ((int[])[404, 400, 401, 403, 405, 413, 429, 502]).Select(status =>
                new HttpResponseMessage((HttpStatusCode)status)),
            _ when type.IsAssignableFrom(typeof(long[])) => [new long[] { 1, 2 }],
            _ when type.IsAssignableFrom(typeof(IOException)) => [new IOException("It broke.")],
            _ when type.IsAssignableFrom(typeof(string[])) => [new[] { "one", "two" }, new[] { "one" }],
            _ when type.IsAssignableFrom(typeof(Platform[])) => [new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }],
            _ => throw new NotSupportedException(string.Create(
                CultureInfo.InvariantCulture, $"There is no sample of {type} for {parameter.Member.DeclaringType}.{parameter.Member.Name}.")),
        };
        var isNullable = Nullable.GetUnderlyingType(parameter.ParameterType) is not null
            || (!type.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable);
        return isNullable ? usual.Append(null) : usual;
    }
}
