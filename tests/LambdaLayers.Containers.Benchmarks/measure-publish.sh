#!/bin/sh
# The tables of docs/performance.md about publishing, to docker-registry, which must be installed: the package against the .NET SDK
# alone behind a slow network (small, warm, large, link, connection), with layers that are not in the cache (cold, restore), and
# against other tools (peers: npm, unzip, buildah, umoci and skopeo must be installed). A part's name as argument measures that only.
exec dotnet run -c Release --project "$(dirname "$0")" -- publish "$@"
