using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Handlers of languages other than .NET's, and what layers bring for them.</summary>
public sealed class LanguageTests
{
    private static readonly string[] Own = ["LLC3560", "LLC3561", "LLC3562", "LLC3563"];

    [TestCase("python3.13", "app.lambda_handler", "app.py", null)]
    [TestCase("python3.13", "shop/orders.create", "shop/orders.py", null)]
    [TestCase("python3.13", "shop.orders.create", "shop/orders/__init__.py", null)]
    [TestCase("python3.13", "native.run", "native.cpython-313-x86_64-linux-gnu.so", null)]
    [TestCase("python3.13", "ap.lambda_handler", "app.py", "LLC3560")]
    [TestCase("python3.13", "index.handler", "index.mjs", "LLC3562")]
    [TestCase("nodejs22.x", "index.handler", "index.cjs", null)]
    [TestCase("nodejs22.x", "dist/main.api.get", "dist/main.js", null)]
    [TestCase("nodejs22.x", "index.handler", "index.ts", "LLC3560")]
    [TestCase("nodejs22.x", "app.lambda_handler", "app.py", "LLC3562")]
    [TestCase("ruby3.4", "app.Handlers.process", "app.rb", null)]
    [TestCase("ruby3.4", "app.process", "App.rb", "LLC3560")]
    [TestCase("java21", "example.Handler::handleRequest", "example/Handler.class", null)]
    [TestCase("java21", "example.Handler", "example/Handlers.class", "LLC3560")]
    [TestCase("java21", "app.lambda_handler", "app.py", "LLC3562")]
    [TestCase("provided.al2023", "whatever", "bootstrap", null)]
    public async Task The_file_of_a_handler_is_in_the_image_and_of_the_bases_language(string runtime, string handler, string file,
        string? code)
    {
        var text = file.EndsWith(".py", StringComparison.Ordinal) ? "def lambda_handler(e, c): pass\ndef create(e, c): pass\n"
            : "exports.handler = exports.api = 1\n";
        var image = Image(runtime, handler).With(tar => tar.File($"var/task/{file}", text));

        Assert.That(await CodesAsync(image), code is null ? Is.Empty : Is.EqualTo([code]));
    }

    [Test]
    public async Task A_handler_may_be_in_a_layer_or_in_a_jar()
    {
        var python = Image("python3.13", "vendor.handler.handle")
            .With(tar => tar.File("opt/python/vendor/handler.py", "def handle(event, context):\n    pass\n"));
        var jar = new ZipBuilder().File("example/Handler.class", "x").Build();
        var java = Image("java21", "example.Handler::handle").With(tar => tar.File("var/task/lib/orders.jar", jar));
        var noJar = Image("java21", "example.Handler::handle").With(tar => tar.File("var/task/lib/orders.jar", "not a zip"));

        Assert.That(await CodesAsync(python), Is.Empty);
        Assert.That(await CodesAsync(java), Is.Empty);
        Assert.That(await CodesAsync(java with { Change = run => run["Cmd"] = new JsonArray("example.Other::handle") }),
            Is.EqualTo(["LLC3560"]));
        Assert.That(await CodesAsync(noJar), Is.Empty, "nobody can tell");
    }

    [Test]
    public async Task What_a_layer_brings_that_is_not_at_hand_nobody_knows()
    {
        var image = Image("python3.13", "app.handler").With(tar => tar.File("opt/x", "")) with
        {
            Request = request => request with
            {
                OpenAsync = async (layer, token) => layer.Origin.Name == "layer-0" ? null : await request.OpenAsync(layer, token),
            },
        };

        Assert.That(await CodesAsync(image), Is.Empty);
    }

    [Test]
    public async Task What_was_found_for_one_runtime_says_nothing_about_another()
    {
        using var root = new TempRoot();
        var cache = new ContentCache(new CachePaths(root.Path));
        var python = Image("python3.13", "app.lambda_handler").With(tar => tar.File("var/task/app.py", "def lambda_handler(e, c): pass\n"));
        var node = python with { Function = python.Function! with { Runtime = FunctionRuntime.Parse("nodejs22.x") } };

        Assert.That((await python.VerifyAsync(cache)).Select(f => f.Rule.Code).Intersect(Own), Is.Empty);
        Assert.That((await node.VerifyAsync(cache)).Select(f => f.Rule.Code).Intersect(Own), Is.EqualTo(["LLC3562"]));
    }

    [Test]
    public async Task The_base_images_name_in_a_label_tells_the_language_too()
    {
        var image = Image("python3.13", "ap.lambda_handler") with
        {
            Function = null,
            Change = run =>
            {
                run["Cmd"] = new JsonArray("ap.lambda_handler");
                run["Labels"] = new JsonObject { ["org.opencontainers.image.base.name"] = "public.ecr.aws/lambda/python:3.13" };
            },
        };

        Assert.That(await CodesAsync(image), Is.EqualTo(["LLC3560"]));
    }

    [TestCase("def handler(event, context):\n    return 1", true)]
    [TestCase("\ufeffasync def handler(event, context): pass", true)]
    [TestCase("@wrap(\n  'handler'\n)\ndef handler(e, c): ...", true)]
    [TestCase("if True:\n    def handler(e, c): ...\nelse:\n    handler = None", true)]
    [TestCase("try:\n\thandler = fast()\nexcept ImportError:\n\thandler = slow()", true)]
    [TestCase("a = handler = make()", true)]
    [TestCase("handler: Handler = make(x=1)", true)]
    [TestCase("other, handler = pair()", true)]
    [TestCase("from web import (\n    a,\n    handler,\n)", true)]
    [TestCase("from web import run as handler", true)]
    [TestCase("import handler", true)]
    [TestCase("class handler:\n    def __call__(self): ...", true)]
    [TestCase("from web import *", true)]
    [TestCase("globals()['handler'] = 1", true)]
    [TestCase("def __getattr__(name): ...", true)]
    [TestCase("x = 1; handler = x", true)]
    [TestCase("with open('x') as handler: pass", true)]
    [TestCase("def main(event, context):\n    handler = 1\n    return handler", false)]
    [TestCase("class App:\n    def handler(self): ...\n\napp = App()", false)]
    [TestCase("# def handler(e, c): ...\ndef other(): ...", false)]
    [TestCase("\"\"\"\ndef handler(e, c): ...\n\"\"\"\ntext = 'handler = 1'", false)]
    [TestCase("r'''\\'''\nx = (\n  'handler = 1'\n)", false)]
    [TestCase("if handler == 1: pass", false)]
    [TestCase("call(handler=1)", false)]
    [TestCase("import handler.api as api", false)]
    [TestCase("def handlers(): ...\nhandler_two = 2", false)]
    [TestCase("", false)]
    public async Task A_Python_module_binds_the_name_when_it_is_imported(string source, bool defined)
    {
        var image = Image("python3.13", "app.handler").With(tar => tar.File("var/task/app.py", source));

        Assert.That(await CodesAsync(image), defined ? Is.Empty : Is.EqualTo(["LLC3561"]));
    }

    [TestCase("exports.handler = async (event) => 1", true)]
    [TestCase("module.exports.handler = handler", true)]
    [TestCase("exports['handler'] = run", true)]
    [TestCase("module.exports = { other, handler: run };", true)]
    [TestCase("module.exports = {\n  async handler(event) {\n    if (event) { return 1 }\n  }\n}\n", true)]
    [TestCase("export const handler = async () => 1", true)]
    [TestCase("export const a = 1, handler = 2", true)]
    [TestCase("export async function handler(event) {}", true)]
    [TestCase("function run() {}\nexport { run as handler }", true)]
    [TestCase("export { handler } from './run.mjs'", true)]
    [TestCase("export * from './run.mjs'", true)]
    [TestCase("export default { handler }", true)]
    [TestCase("module.exports = require('./run')", true)]
    [TestCase("module.exports = class {}", true)]
    [TestCase("Object.assign(exports, make())", true)]
    [TestCase("\"use strict\";\nObject.defineProperty(exports, \"__esModule\", { value: true });\nexports.handler = void 0;\n", true)]
    [TestCase("Object.defineProperty(exports, 'handler', { get: () => run });", true)]
    [TestCase("var src_exports = {};\n__export(src_exports, {\n  handler: () => handler\n});\nmodule.exports = __toCommonJS(src_exports);\n", true)]
    [TestCase("const handler = async () => 1", false)]
    [TestCase("// exports.handler = 1\nexports.run = 1", false)]
    [TestCase("/*\n exports.handler = 1\n*/\nexport const run = 1", false)]
    [TestCase("if (exports.handler == 1) {}", false)]
    [TestCase("exports.handlers = 1", false)]
    [TestCase("function handler() {}\nexport { handler as run }", false)]
    [TestCase("\"use strict\";\nObject.defineProperty(exports, \"__esModule\", { value: true });\nexports.run = void 0;\n", false)]
    [TestCase("var src_exports = {};\n__export(src_exports, {\n  run: () => handler2\n});\nmodule.exports = __toCommonJS(src_exports);\n",
        false)]
    public async Task A_JavaScript_module_exports_the_name(string source, bool exported)
    {
        var image = Image("nodejs22.x", "index.handler").With(tar => tar.File("var/task/index.js", source));

        Assert.That(await CodesAsync(image), exported ? Is.Empty : Is.EqualTo(["LLC3561"]));
    }

    [Test]
    public async Task The_message_names_what_there_is()
    {
        var image = Image("python3.13", "app.handler").With(tar => tar.File("var/task/app.py", "def lambda_handler(e, c): ...\n"));

        Assert.That((await image.FindAsync("LLC3561")).Message,
            Does.Contain("'/var/task/app.py' does not define; it defines lambda_handler"));
    }

    [TestCase("python3.13", "opt/python/requests/__init__.py", false)]
    [TestCase("python3.13", "opt/python/lib/python3.13/site-packages/a.py", false)]
    [TestCase("python3.13", "opt/python/lib/python3.12/site-packages/a.py", true)]
    [TestCase("python", "opt/python/lib/python3.12/site-packages/a.py", false)]
    [TestCase("python3.13", "opt/nodejs/node_modules/a/index.js", true)]
    [TestCase("nodejs22.x", "opt/nodejs/node22/node_modules/a/index.js", false)]
    [TestCase("nodejs22.x", "opt/nodejs/node20/node_modules/a/index.js", true)]
    [TestCase("java21", "opt/java/lib/a.jar", false)]
    [TestCase("ruby3.4", "opt/ruby/gems/3.4.0/gems/a.rb", false)]
    [TestCase("ruby3.4", "opt/ruby/gems/3.3.0/gems/a.rb", true)]
    [TestCase("dotnet10", "opt/python/a.py", true)]
    [TestCase("provided.al2023", "opt/extensions/a", false)]
    [TestCase("provided.al2023", "opt/pythonic/a", false)]
    public async Task A_layer_that_the_language_does_not_look_into_is_a_warning(string runtime, string file, bool warned)
    {
        var image = Image(runtime, "x") with { Change = null };
        image = image.With(tar => tar.File(file, "x")).With(tar => tar.File("opt/bin/tool", "x"));

        Assert.That(await CodesAsync(image), warned ? Is.EqualTo(["LLC3563"]) : Is.Empty);
    }

    [Test]
    public async Task A_layer_for_several_languages_is_for_each_of_them()
    {
        var image = Image("nodejs22.x", "x") with { Change = null };
        image = image.With(tar => tar.File("opt/nodejs/node_modules/a.js", "x").File("opt/python/a.py", "x"));

        Assert.That(await CodesAsync(image), Is.Empty);
    }

    private static async Task<IReadOnlyList<string>> CodesAsync(TestImage image) => [.. (await image.CodesAsync()).Intersect(Own)];

    internal static TestImage Image(string runtime, string handler) => new()
    {
        IsDotnet = false,
        Change = run => run["Cmd"] = new JsonArray(handler),
        Function = new FunctionSettings("bootstrap") { Runtime = FunctionRuntime.Parse(runtime) },
    };
}
