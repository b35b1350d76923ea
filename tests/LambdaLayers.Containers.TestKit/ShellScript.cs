using NUnit.Framework;

namespace LambdaLayers.Containers.TestKit;

/// <summary>Small programs that tests put on a PATH of their own.</summary>
public static class ShellScript
{
    /// <summary>Writes an executable script for <c>/bin/sh</c> below the root; skips the test where there is none.</summary>
    public static string Write(TempRoot root, string relative, string commands)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("needs /bin/sh");
            return "";
        }

        var path = root.Write(relative, "#!/bin/sh\n" + commands + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
