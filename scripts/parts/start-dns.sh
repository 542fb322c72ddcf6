#!/usr/bin/env bash
# dnsmasq with the command line of packages/router (dns-argv) and the resolvers that this host uses.
set -euo pipefail

mapfile -t argv < <(node /opt/berth/scripts/parts/dns-argv.mjs)
exec "${argv[@]}"
