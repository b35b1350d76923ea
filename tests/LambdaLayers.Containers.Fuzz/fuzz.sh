#!/usr/bin/env bash
# Fuzzes one reader for some seconds with AFL++: fuzz.sh zip|tar|deflate|manifest SECONDS [FOLDER]
# Needs afl++ and the tool SharpFuzz.CommandLine (dotnet tool install --global SharpFuzz.CommandLine). Ends with an error when
# something was found; what was found is in FOLDER/out and can be replayed.
set -euo pipefail
target=$1 seconds=$2 work=${3:-$(mktemp -d)}
here=$(cd "$(dirname "$0")" && pwd)

dotnet build "$here" --verbosity quiet --output "$work/plain"
# A copy, since the tool rewrites the assembly so that it tells which branches were taken.
rm -rf "$work/bin" && cp -r "$work/plain" "$work/bin"
sharpfuzz "$work/bin/LambdaLayers.Containers.Core.dll"

export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1
afl-fuzz -i "$here/corpus/$target" -o "$work/out" -t 10000 -m none -V "$seconds" -- \
  "$(command -v dotnet)" "$work/bin/LambdaLayers.Containers.Fuzz.dll" afl "$target" >"$work/log" 2>&1 || tail -n 20 "$work/log"
grep -E "^(execs_done|corpus_count|saved_crashes|saved_hangs|edges_found|run_time)" "$work/out/default/fuzzer_stats"
found=("$work"/out/default/{crashes,hangs}/id*)
if [[ -e ${found[0]} || -e ${found[1]:-} ]]; then
  dotnet "$work/plain/LambdaLayers.Containers.Fuzz.dll" replay "$target" "${found[@]}"
  echo "Found: $work/out/default" >&2
  exit 1
fi
