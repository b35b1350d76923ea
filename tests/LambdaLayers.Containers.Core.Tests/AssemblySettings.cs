// Tests that change what a process has only one of, or count its memory, say so by [NonParallelizable].
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
