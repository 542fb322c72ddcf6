# Read by the shell that starts a process of the app. Python looks for sitecustomize in the first directory that has one;
# ours loads the next one too.
if [ "${BERTH_PROPAGATE:-}" != 0 ]; then
  export PYTHONPATH="/opt/berth/propagation/python${PYTHONPATH:+:$PYTHONPATH}"
fi
