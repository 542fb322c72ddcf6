#!/bin/sh
# HAProxy's container: waits for the controller to write the configuration (once; a restart finds it there), then becomes
# HAProxy's master process. Both containers have BERTH_ROUTER_DIR at the same path.
dir="${BERTH_ROUTER_DIR:-/run/berth-router}"
until [ -s "$dir/haproxy.cfg" ]; do sleep 0.1; done
exec haproxy -W -S "$dir/master.sock,mode,600" -f "$dir/haproxy.cfg"
