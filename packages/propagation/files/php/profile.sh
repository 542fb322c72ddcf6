# Read by the shell that starts a process of the app. Directories with settings are read in turn, the last one wins: what the
# app says comes after ours. An empty name is PHP's own directory.
if [ "${BERTH_PROPAGATE:-}" != 0 ]; then
  export PHP_INI_SCAN_DIR="/opt/berth/propagation/php/conf:${PHP_INI_SCAN_DIR:-}"
fi
