#!/usr/bin/env bash
# The registry's read-only mirror for builds: a second registry process on the same files, and HAProxy before it. When one
# of them ends, so does the container, and is started again.
set -euo pipefail
parts=$(dirname "$0")

docker-registry serve "$parts/mirror-registry.yml" &
haproxy -db -f "$parts/mirror.cfg" &
wait -n
exit 1
