#!/bin/sh
# The table of docs/performance.md: each real layer zip against inflating and hashing, and against unzip + tar + gzip.
# Zips of your own as arguments; npm, unzip, tar and gzip must be installed.
exec dotnet run -c Release --project "$(dirname "$0")" -- compare "$@"
