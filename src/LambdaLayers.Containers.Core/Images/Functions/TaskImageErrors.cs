using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>LLC2332 to LLC2337: functions that are a folder, in whatever language, and wrapper scripts.</summary>
internal static class TaskImageErrors
{
    public static LayersException FolderNotFound(string folder) =>
        new("LLC2332", $"LambdaTaskDirectory '{DisplayText.Name(folder)}' does not exist. It is the folder whose files go to "
            + "/var/task, relative to the project: <LambdaTaskDirectory>src</LambdaTaskDirectory>.");

    public static LayersException FolderIsEmpty(string folder) =>
        new("LLC2333", $"'{DisplayText.Name(folder)}' has no file for the function. LambdaTaskExclude says what is left out: "
            + "set it to less, or LambdaTaskDirectory to another folder.");

    public static LayersException HandlerMissing() =>
        new("LLC2334", "The function has no handler. LambdaHandler says what the language's runtime calls, such as "
            + "<LambdaHandler>app.lambda_handler</LambdaHandler> for lambda_handler in app.py, "
            + "<LambdaHandler>index.handler</LambdaHandler> for Node.js, "
            + "<LambdaHandler>example.Handler::handleRequest</LambdaHandler> for Java.");

    public static LayersException NoBootstrap(string image) =>
        new("LLC2335", $"'{image}' has no runtime of its own, and neither the function's files nor a layer bring one: AWS's "
            + "entry point starts the program /var/runtime/bootstrap. Put an executable named bootstrap at the root of "
            + "LambdaTaskDirectory, have LambdaTaskBuildCommand make {output}/bootstrap, or use a base with the language's "
            + "runtime, such as public.ecr.aws/lambda/python:3.13.");

    public static LayersException UnknownRuntime(string text) =>
        new("LLC2336", $"LambdaRuntime is '{DisplayText.Name(text)}'. It takes the name of a Lambda runtime, such as python3.13, "
            + "nodejs22.x, java21, ruby3.4, dotnet10 or provided.al2023.");

    public static LayersException WrapperIsNoPath(string text) =>
        new("LLC2337", $"LambdaExecWrapper names '{DisplayText.Name(text)}', which is no absolute path in the image. It takes the "
            + "wrapper scripts of layers, in the order in which they start each other: "
            + "<LambdaExecWrapper>/opt/otel-instrument;/opt/datadog_wrapper</LambdaExecWrapper>.");
}
