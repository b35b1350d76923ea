using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>
/// Copies of AWS's base images for a language that run with this machine's Python, Node.js and Java (Debian's, of any version): their
/// config, their entry point, and a bootstrap with a runtime client in our own words.
/// </summary>
public static class LanguageBase
{
    // In our own words what the bootstraps of AWS's languages have in common.
    private const string Bootstrap = """
        #!/bin/sh
        export NODE_PATH=/opt/nodejs/node22/node_modules:/opt/nodejs/node_modules
        set -- COMMAND
        if [ -n "$AWS_LAMBDA_EXEC_WRAPPER" ]; then
          [ -f "$AWS_LAMBDA_EXEC_WRAPPER" ] || exit 127
          [ -x "$AWS_LAMBDA_EXEC_WRAPPER" ] || exit 126
          exec "$AWS_LAMBDA_EXEC_WRAPPER" "$@"
        fi
        exec "$@"

        """;

    private const string PythonClient = """
        import http.client, importlib, json, os, sys
        sys.path[0:0] = [os.environ["LAMBDA_TASK_ROOT"], "/opt/python/lib/python3.13/site-packages", "/opt/python"]
        module, name = os.environ["_HANDLER"].rsplit(".", 1)
        handler = getattr(importlib.import_module(module.replace("/", ".")), name)
        api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        def call(method, path, body=None):
            api.request(method, "/2018-06-01/runtime/invocation/" + path, body)
            response = api.getresponse()
            return response, response.read()
        while True:
            response, event = call("GET", "next")
            request = response.getheader("Lambda-Runtime-Aws-Request-Id")
            try:
                call("POST", request + "/response", json.dumps(handler(json.loads(event), None)))
            except Exception as problem:
                call("POST", request + "/error", json.dumps({"errorMessage": str(problem), "errorType": type(problem).__name__}))

        """;

    private const string NodeClient = """
        import fs from 'node:fs';
        import { createRequire } from 'node:module';
        const [file, name] = process.env._HANDLER.split(/\.(?=[^/.]*$)/);
        const path = ['.js', '.mjs', '.cjs'].map(end => `${process.env.LAMBDA_TASK_ROOT}/${file}${end}`).find(path => fs.existsSync(path));
        const module = path.endsWith('.mjs') ? await import(path) : createRequire(path)(path);
        const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
        const post = (path, body) => fetch(`${api}/${path}`, { method: 'POST', body: JSON.stringify(body) });
        for (;;) {
          const next = await fetch(`${api}/next`);
          const request = next.headers.get('lambda-runtime-aws-request-id');
          try {
            await post(`${request}/response`, await module[name](await next.json()));
          } catch (problem) {
            await post(`${request}/error`, { errorMessage: problem.message, errorType: problem.name });
          }
        }

        """;

    // Strings in, strings out: there is no JSON in the JDK.
    private const string JavaClient = """
        import java.io.File;
        import java.net.*;
        import java.net.http.*;
        import java.util.*;
        public class Client {
          public static void main(String[] arguments) throws Exception {
            var urls = new ArrayList<URL>(List.of(new File(System.getenv("LAMBDA_TASK_ROOT")).toURI().toURL()));
            for (var folder : List.of(System.getenv("LAMBDA_TASK_ROOT") + "/lib", "/opt/java/lib"))
              for (var jar : Objects.requireNonNullElse(new File(folder).listFiles(), new File[0])) urls.add(jar.toURI().toURL());
            var parts = System.getenv("_HANDLER").split("::");
            var type = new URLClassLoader(urls.toArray(new URL[0])).loadClass(parts[0]);
            var handler = type.getDeclaredConstructor().newInstance();
            var method = Arrays.stream(type.getMethods()).filter(m -> m.getName().equals(parts[1])).findFirst().get();
            var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            var api = "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/";
            while (true) {
              var next = http.send(HttpRequest.newBuilder(URI.create(api + "next")).build(), HttpResponse.BodyHandlers.ofString());
              var request = next.headers().firstValue("Lambda-Runtime-Aws-Request-Id").get();
              var result = method.invoke(handler, next.body().replaceAll("^\"|\"$", ""));
              http.send(HttpRequest.newBuilder(URI.create(api + request + "/response"))
                .POST(HttpRequest.BodyPublishers.ofString("\"" + result + "\"")).build(), HttpResponse.BodyHandlers.discarding());
            }
          }
        }

        """;

    /// <summary>What of this machine an image of these sees when it runs.</summary>
    internal static IEnumerable<string> HostFolders =>
        Directory.GetDirectories("/etc", "java-*").Prepend("/etc/alternatives").Prepend("/usr").Where(Directory.Exists);

    /// <summary>Pushes <c>lambda/python:3.13</c>; the test is skipped where there is no Python.</summary>
    /// <param name="registry">Where to.</param>
    /// <param name="repository">Under which name; Docker's own images for a language stand for themselves so.</param>
    /// <param name="more">Adds files; paths are those in the image.</param>
    public static Task<string> PushPythonAsync(
        EmbeddedRegistry registry, string repository = "lambda/python", string tag = "3.13", Action<LayerTar>? more = null) =>
        PushAsync(
            registry, repository, tag, "/usr/bin/python3", "/usr/bin/python3 -u /var/runtime/client.py",
            tar => (more ?? (_ => { }))(tar.File("var/runtime/client.py", PythonClient)));

    /// <summary>Pushes <c>lambda/nodejs:22</c>; the test is skipped where there is no Node.js.</summary>
    public static Task<string> PushNodeAsync(EmbeddedRegistry registry) =>
        PushAsync(registry, "lambda/nodejs", "22", "/usr/bin/node", "/usr/bin/node /var/runtime/client.mjs",
            tar => tar.File("var/runtime/client.mjs", NodeClient));

    /// <summary>Pushes <c>lambda/java:21</c>; the test is skipped where there is no JDK.</summary>
    public static Task<string> PushJavaAsync(EmbeddedRegistry registry) =>
        PushAsync(registry, "lambda/java", "21", "/usr/bin/javac", "/usr/bin/java -cp /var/runtime /var/runtime/Client.java",
            tar => tar.File("var/runtime/Client.java", JavaClient));

    /// <summary>Pushes <c>lambda/provided:al2023</c>, with this machine's shell and curl; skipped where there is none.</summary>
    public static Task<string> PushProvidedAsync(EmbeddedRegistry registry) =>
        PushAsync(registry, "lambda/provided", "al2023", "/usr/bin/curl", command: null, _ => { });

    private static async Task<string> PushAsync(
        EmbeddedRegistry registry, string repository, string tag, string tool, string? command, Action<LayerTar> more)
    {
        if (!File.Exists(tool) || new DirectoryInfo("/bin").LinkTarget is null)
            Tools.Skip($"{tool} is not installed, or /bin is not a link to /usr/bin.");
        var layer = SyntheticLayer.Create(tar =>
        {
            tar.Folder("usr").Symlink("bin", "usr/bin").Symlink("lib", "usr/lib").Symlink("lib64", "usr/lib64").Symlink("sbin", "usr/sbin")
                .Folder("dev").Folder("proc").Folder("tmp", 0b1_111_111_111).Folder("etc")
                .File("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nsbx:x:993:990::/tmp:/sbin/nologin\n")
                .File("etc/hosts", "127.0.0.1 localhost sandbox.localdomain\n")
                .Program("lambda-entrypoint.sh", SyntheticBase.EntryPoint).Folder("var/lang/bin").Folder("var/runtime").Folder("var/task");
            if (command is not null)
                tar.Program("var/runtime/bootstrap", Bootstrap.Replace("COMMAND", command, StringComparison.Ordinal));
            more(tar);
        });
        using var pusher = new RegistryPusher(registry.Uncounted);
        return await pusher.PushAsync(
            repository, tag, new SyntheticImage(ImageFamily.Docker, SyntheticBase.HostArchitecture, SyntheticBase.RunConfig(), [layer]));
    }
}
