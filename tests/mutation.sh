#!/bin/sh
# Mutation testing of one folder of the engine:
#   tests/mutation.sh Verification [Images ...]
# Stryker makes the mutants, of the whole engine at once, and not again until its sources change.
# tests/LambdaLayers.Containers.Mutation then runs the tests of the folder and of Diagnostics, and of the other namespaces named; not
# those of real layers, which take seconds each. Fails when the score is below 80 %; what survives is in
# artifacts/mutation/FOLDER/survivors.txt.
set -eu
folder=${1:?usage: tests/mutation.sh FOLDER [NAMESPACE...], a folder of src/LambdaLayers.Containers.Core such as Verification or Layers/Locking}
shift
root=$(cd "$(dirname "$0")/.." && pwd)
sources=$root/src/LambdaLayers.Containers.Core
tests=$root/tests/LambdaLayers.Containers.Core.Tests
runner=$root/tests/LambdaLayers.Containers.Mutation
engine=$root/artifacts/mutation/engine
output=$root/artifacts/mutation/$folder
[ -d "$sources/$folder" ] || { echo "There is no folder $folder in the engine." >&2; exit 2; }
# In memory where there is such a place: tests mostly wait for their temporary files.
scratch=$(mktemp -d -p "$([ -d /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
# Analyzers have nothing to say about mutants, and take longer than the compiler.
export RunAnalyzers=false

# Whether anything that the mutated engine is made of is newer than it; folders are when a file is gone.
stale() {
    [ ! -f "$engine/complete" ] || [ -n "$(find "$sources" "$root/Directory.Packages.props" "$root/.config/dotnet-tools.json" \
        \( -name bin -o -name obj \) -prune -o -newer "$engine/begun" -print | head -n 1)" ]
}

# MutatedEngineSetUp hands out what Stryker compiled, whichever test Stryker runs: here one that runs nothing of the engine. That leaves
# Stryker with the few mutants that the making of test cases runs: isolation tells it that the test runs no static initialiser either.
mutate() {
    rm -rf "$engine"
    mkdir -p "$engine"
    touch "$engine/begun"
    cat >"$scratch/stryker.json" <<EOF
{
  "stryker-config": {
    "project": "LambdaLayers.Containers.Core.csproj",
    "test-projects": ["$tests/LambdaLayers.Containers.Core.Tests.csproj"],
    "test-case-filter": "FullyQualifiedName~LineLengthTests.What_is_too_long_is_found",
    "coverage-analysis": "perTestInIsolation",
    "concurrency": 2,
    "reporters": ["json"],
    "thresholds": { "high": 90, "low": 80, "break": 0 }
  }
}
EOF
    dotnet tool restore --tool-manifest "$root/.config/dotnet-tools.json"
    (cd "$tests" && LLC_MUTATED_ENGINE=$engine/LambdaLayers.Containers.Core.dll \
        dotnet dotnet-stryker --config-file "$scratch/stryker.json" --output "$engine")
    [ -f "$engine/LambdaLayers.Containers.Core.dll" ] || { echo "Stryker has run no test." >&2; exit 1; }
    touch "$engine/complete"
}

dotnet build "$runner" -v q --nologo
dotnet build "$tests" -v q --nologo
if stale; then mutate; fi
rm -rf "$output"
mkdir -p "$output" "$scratch/tmp"
cp -r "$tests/bin/Debug/net10.0" "$output/tests"
cp "$engine/LambdaLayers.Containers.Core.dll" "$output/tests"
TMPDIR=$scratch/tmp dotnet "$runner/bin/Debug/net10.0/LambdaLayers.Containers.Mutation.dll" run \
    "$engine/reports/mutation-report.json" "$folder" "$output/tests" "$output" "$(echo "$folder" | tr / .)" Diagnostics "$@"
