using System.IO.Compression;
using System.Text;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Languages;

/// <summary>A handler as one language's runtime reads it: which file it is in, and what it is called there.</summary>
/// <param name="Family">The runtime without its version: <c>python</c>.</param>
/// <param name="Files">
/// Absolute paths, the first that exists is taken; <c>*</c> at an end stands for what a native module's name ends in.
/// </param>
/// <param name="Name">The function or export; null where a file is all that can be told.</param>
internal sealed record LanguageHandler(string Family, IReadOnlyList<string> Files, string? Name)
{
    private static readonly string[] Families = ["python", "nodejs", "ruby", "java"];

    /// <summary>As the family's runtime reads it; null for a family whose handlers are not known, or what is no handler of it.</summary>
    public static LanguageHandler? Read(string family, string handler, string taskRoot) => family switch
    {
        "python" => Python(handler, taskRoot),
        "nodejs" => Node(handler, taskRoot),
        "ruby" => Ruby(handler, taskRoot),
        "java" => Java(handler, taskRoot),
        _ => null,
    };

    /// <summary>The language whose runtime would find the handler's file in the task root; null when none would.</summary>
    public static string? FamilyOf(InspectedImage image, string handler) => Array.Find(
        Families, family => Read(family, handler, image.TaskRoot) is { } read
            && read.Files.Any(file => image.Files.Find(file) is { IsFile: true }));

    /// <summary>The file that the runtime takes; null when none is there.</summary>
    public FoundFile? Find(InspectedImage image) => Files
        .Select(path => path.EndsWith('*')
            ? image.Files.In(path[..path.LastIndexOf('/')]).FirstOrDefault(file => IsNative(file.Path, path[..^1]))
            : image.Files.Find(path) is { IsFile: true } file ? file : null)
        .FirstOrDefault(file => file is not null);

    /// <summary>Whether one of the jars that a class can come from has it; null when a jar cannot be read.</summary>
    public static async Task<bool?> IsInJarAsync(InspectedImage image, string type, CancellationToken cancellationToken)
    {
        bool? found = false;
        foreach (var jar in image.Files.Under(image.TaskRoot).Concat(image.Files.Under("/opt/java"))
            .Where(file => file.IsFile && file.Path.EndsWith(".jar", StringComparison.Ordinal)))
        {
            try
            {
                if (await image.Files.ReadAsync(jar, cancellationToken) is not { } bytes)
                    return null;
                using var archive = new ZipArchive(new MemoryStream(bytes, writable: false));
                if (archive.GetEntry(ClassFile(type)) is not null)
                    return true;
            }
            catch (InvalidDataException)
            {
                // Longer than what is read of a file, or no jar.
                found = null;
            }
        }

        return found;
    }

    /// <summary>The text of a source file.</summary>
    public static string Text(byte[] content) => Encoding.UTF8.GetString(content);

    // https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/bootstrap.py: module.function
    private static LanguageHandler? Python(string handler, string root)
    {
        var dot = handler.LastIndexOf('.');
        if (dot <= 0 || dot == handler.Length - 1)
            return null;
        var module = handler[..dot].Replace('.', '/');
        string[] folders = [root, "/opt/python"];
        return new LanguageHandler(
            "python",
            [.. folders.SelectMany(folder =>
                (string[])[$"{folder}/{module}.py", $"{folder}/{module}/__init__.py", $"{folder}/{module}.*"])],
            handler[(dot + 1)..]);
    }

    // https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js: path/file.export.member
    private static LanguageHandler? Node(string handler, string root)
    {
        var name = handler.LastIndexOf('/') + 1;
        var dot = handler.IndexOf('.', name);
        if (dot <= name || dot == handler.Length - 1)
            return null;
        var module = handler[0] == '/' ? handler[..dot] : $"{root}/{handler[..dot]}";
        return new LanguageHandler("nodejs", [$"{module}.js", $"{module}.mjs", $"{module}.cjs", module],
            handler[(dot + 1)..].Split('.')[0]);
    }

    // https://github.com/aws/aws-lambda-ruby-runtime-interface-client: file.method, file.Class.method
    private static LanguageHandler? Ruby(string handler, string root)
    {
        var name = handler.LastIndexOf('/') + 1;
        var dot = handler.IndexOf('.', name);
        return dot <= name || dot == handler.Length - 1
            ? null
            : new LanguageHandler("ruby", [$"{root}/{handler[..dot]}.rb", $"/opt/ruby/lib/{handler[..dot]}.rb"], null);
    }

    // package.Class or package.Class::method
    private static LanguageHandler? Java(string handler, string root)
    {
        var type = handler.Split("::")[0];
        return type.Length == 0 || type.Contains('/') ? null : new LanguageHandler("java", [$"{root}/{ClassFile(type)}"], null);
    }

    private static string ClassFile(string type) => type.Replace('.', '/') + ".class";

    // app.cpython-313-x86_64-linux-gnu.so, app.abi3.so, app.pyc
    private static bool IsNative(string path, string start) =>
        path.StartsWith(start, StringComparison.Ordinal)
        && (path.EndsWith(".so", StringComparison.Ordinal) || path.EndsWith(".pyc", StringComparison.Ordinal));
}
