Console.WriteLine(await File.ReadAllTextAsync("/opt/pages/index.html"));
