#!/usr/bin/env bash
# Makes the database cluster at the first start (aside, so that a cut start leaves no half of one), then becomes PostgreSQL.
set -euo pipefail

data=/var/lib/postgresql/17
if [ ! -d "$data" ]; then
  rm -rf "$data.new"
  initdb --pgdata="$data.new" --username=berth --encoding=UTF8 --locale=C.UTF-8 --auth=scram-sha-256 \
    --pwfile=<(printf '%s' "$POSTGRES_PASSWORD") >/dev/null
  echo 'host all all all scram-sha-256' >>"$data.new/pg_hba.conf"
  mv "$data.new" "$data"
fi
unset POSTGRES_PASSWORD
exec postgres -D "$data" -c 'listen_addresses=*' -c max_connections=300 -c jit=off -c unix_socket_directories=/tmp
