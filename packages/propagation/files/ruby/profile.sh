# Read by the shell that starts a process of the app. Before what the app says itself: what that loads is seen.
if [ "${BERTH_PROPAGATE:-}" != 0 ]; then
  export RUBYOPT="-r/opt/berth/propagation/ruby/propagate.rb${RUBYOPT:+ $RUBYOPT}"
fi
