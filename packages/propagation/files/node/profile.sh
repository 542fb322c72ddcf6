# Read by the shell that starts a process of the app. Before what the app says itself: what that loads is seen.
if [ "${BERTH_PROPAGATE:-}" != 0 ]; then
  export NODE_OPTIONS="--require=/opt/berth/propagation/node/propagate.cjs${NODE_OPTIONS:+ $NODE_OPTIONS}"
fi
