# Read by the shell that starts a process of the app. Before what the app says itself: its own agents see what ours changed.
if [ "${BERTH_PROPAGATE:-}" != 0 ]; then
  if [ -r /opt/berth/propagation/opentelemetry/agent.jar ]; then
    # The app's berth.yaml asks for it. It sends nothing to anybody unless the app says so.
    export OTEL_PROPAGATORS="${OTEL_PROPAGATORS:-tracecontext,baggage}"
    export OTEL_TRACES_EXPORTER="${OTEL_TRACES_EXPORTER:-none}"
    export OTEL_METRICS_EXPORTER="${OTEL_METRICS_EXPORTER:-none}"
    export OTEL_LOGS_EXPORTER="${OTEL_LOGS_EXPORTER:-none}"
    export JAVA_TOOL_OPTIONS="-javaagent:/opt/berth/propagation/opentelemetry/agent.jar${JAVA_TOOL_OPTIONS:+ $JAVA_TOOL_OPTIONS}"
  else
    export JAVA_TOOL_OPTIONS="-javaagent:/opt/berth/propagation/java/agent.jar${JAVA_TOOL_OPTIONS:+ $JAVA_TOOL_OPTIONS}"
  fi
fi
