#!/bin/sh
# Mutation testing of one folder of the engine by that folder's own tests:
#   tests/mutation.sh Verification [options of dotnet-stryker]
# Tests of real layers are left out: they take seconds each, for every mutant. Writes its reports to
# artifacts/mutation/FOLDER; fails when the score is below 80 %.
set -eu
folder=${1:?usage: tests/mutation.sh FOLDER, a folder of src/LambdaLayers.Containers.Core such as Verification or Layers/Locking}
shift
root=$(cd "$(dirname "$0")/.." && pwd)
[ -d "$root/src/LambdaLayers.Containers.Core/$folder" ] || { echo "There is no folder $folder in the engine." >&2; exit 2; }
# Analyzers have nothing to say about mutants, and take longer than the compiler.
export RunAnalyzers=false
cd "$root/tests/LambdaLayers.Containers.Core.Tests"
config=$(mktemp --suffix=.json)
trap 'rm -f "$config"' EXIT
cat >"$config" <<EOF
{
  "stryker-config": {
    "project": "LambdaLayers.Containers.Core.csproj",
    "test-projects": ["$PWD/LambdaLayers.Containers.Core.Tests.csproj"],
    "mutate": ["**/$folder/**/*.cs"],
    "test-case-filter": "FullyQualifiedName~Core.Tests.$(echo "$folder" | tr / .)&FullyQualifiedName!~RealLayer",
    "coverage-analysis": "perTest",
    "concurrency": 2,
    "reporters": ["dots", "json", "html", "cleartext"],
    "thresholds": { "high": 90, "low": 80, "break": 80 }
  }
}
EOF
dotnet tool restore --tool-manifest "$root/.config/dotnet-tools.json"
dotnet dotnet-stryker --config-file "$config" --output "$root/artifacts/mutation/$folder" "$@"
