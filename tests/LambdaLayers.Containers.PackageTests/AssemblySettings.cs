// Each story runs its own dotnet processes; two at a time keep two cores busy without making anything time out.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
