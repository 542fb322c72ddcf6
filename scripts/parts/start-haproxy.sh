#!/usr/bin/env bash
# HAProxy starts when the router's controller (apps/router) has written its configuration into the shared folder.
set -euo pipefail

folder=/run/berth-router
until [ -s "$folder/haproxy.cfg" ]; do sleep 0.1; done
exec haproxy -W -S "$folder/master.sock" -f "$folder/haproxy.cfg"
