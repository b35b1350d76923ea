#!/bin/sh
# The table of docs/performance.md: each real layer zip against inflating and hashing, and against unzip + tar + gzip.
# Zips of your own as arguments; npm, unzip, tar and gzip must be installed.
# In memory, where there is such a folder: a disk is busy with what the recipe unpacked while the next one is measured.
[ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && export TMPDIR=/dev/shm
exec dotnet run -c Release --project "$(dirname "$0")" -- compare "$@"
