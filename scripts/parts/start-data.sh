#!/usr/bin/env bash
# The server of apps' databases. Until the first one is wanted it only waits at a pipe, which takes a few MiB and no CPU; with
# a cluster in its volume it becomes PostgreSQL at once. It answers at the gateway of the router network, which
# environments reach and builds do not, and at a socket that the releaser has.
set -euo pipefail

data=/var/lib/postgresql/17
# A new volume takes owner and mode of the directory that it is mounted over; this one is PostgreSQL's, and nothing logs there.
run=/var/log/postgresql

if [ ! -d "$data" ]; then
  rm -f "$run/wanted"
  mkfifo --mode=622 "$run/wanted"
  exec 3<>"$run/wanted"
  read -r -u 3 _
  exec 3>&-
  rm -rf "$data.new"
  initdb --pgdata="$data.new" --username=berth --encoding=UTF8 --locale=C.UTF-8 --auth=scram-sha-256 \
    --pwfile=<(printf '%s' "$DATA_PASSWORD") >/dev/null
  mv "$data.new" "$data"
fi
unset DATA_PASSWORD

# By network a role reaches the database whose owner it is a member of, and no other, whatever anyone grants; the superuser none.
printf '%s\n' 'local all all scram-sha-256' "host samerole all $BERTH_SUBNET_POOL scram-sha-256" >/tmp/pg_hba.conf
exec postgres -D "$data" -c "listen_addresses=$BERTH_ROUTER_GATEWAY" -c "port=$DATA_PORT" -c hba_file=/tmp/pg_hba.conf \
  -c max_connections=400 -c jit=off -c "unix_socket_directories=$run" -c password_encryption=scram-sha-256
