#!/bin/sh
# The table of docs/performance.md about publishing: the package against the .NET SDK alone, to docker-registry behind a slow
# network. docker-registry must be installed. One part only: small, warm, large, link or connection.
exec dotnet run -c Release --project "$(dirname "$0")" -- publish "$@"
