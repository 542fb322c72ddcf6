#!/usr/bin/env bash
# HAProxy, as the user of the router's controller (apps/router), starts when that has written the configuration.
# Of root it keeps one right: to bind port 80 of the router network, where instances find each other.
set -euo pipefail

folder=/var/lib/berth/router
until [ -s "$folder/haproxy.cfg" ]; do sleep 0.1; done
exec setpriv --reuid=10001 --regid=10001 --clear-groups --bounding-set=-all,+net_bind_service \
  --inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service \
  haproxy -W -S "$folder/master.sock" -f "$folder/haproxy.cfg"
