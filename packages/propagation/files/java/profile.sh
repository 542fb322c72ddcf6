# Read by the shell that starts a process of the app. Before what the app says itself: its own agents see what ours changed.
if [ "${BERTH_PROPAGATE:-}" != 0 ]; then
  export JAVA_TOOL_OPTIONS="-javaagent:/opt/berth/propagation/java/agent.jar${JAVA_TOOL_OPTIONS:+ $JAVA_TOOL_OPTIONS}"
fi
