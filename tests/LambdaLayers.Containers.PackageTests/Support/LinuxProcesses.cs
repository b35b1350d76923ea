using System.Diagnostics;
using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>Processes by their environment, which only Linux shows.</summary>
internal static class LinuxProcesses
{
    /// <summary>The running processes that were started with this variable; skips the test elsewhere than on Linux.</summary>
    public static IReadOnlyList<Process> WithVariable(string name, string value)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("needs /proc");
        }

        return [.. Process.GetProcesses().Where(process => Environment(process.Id).Contains($"{name}={value}", StringComparison.Ordinal))];
    }

    private static string Environment(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/environ"));
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // Another user's, or gone by now.
            return "";
        }
    }
}
