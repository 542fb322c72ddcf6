#!/usr/bin/env bash
# Redis with its password from the environment: an argument would be seen in the host's process list.
set -euo pipefail

exec redis-server - <<CONFIG
dir /var/lib/redis
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
requirepass $REDIS_PASSWORD
CONFIG
