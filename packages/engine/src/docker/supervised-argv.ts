import { agentMark } from '@berth/domain/agent-line';
import type { AgentSpec } from '../interface.js';
import { commandScript } from './command-line.js';

/** Seconds that agents have to end after the main process has; then they go with the container. */
const agentGrace = 5;

/**
 * One agent: started again whenever it ends, after 1 s, then 2, 4… 60 s (1 s again once it has run for a minute), until
 * SIGTERM, which its whole group gets. Its lines go through sed, which ignores that and ends with the last of them.
 * Arguments: mark of its lines, name, argv.
 */
const agentScript = `
mark=$1 name=$2; shift 2
trap : TERM
{
  stopping= pause=1
  trap 'stopping=1' TERM
  while [ -z "$stopping" ]; do
    began=$(date +%s)
    [ -n "$stopping" ] && break
    "$@" & child=$!
    while :; do
      wait "$child"; code=$?
      kill -0 "$child" 2>/dev/null || break
    done
    [ -n "$stopping" ] && break
    [ $(($(date +%s) - began)) -ge 60 ] && pause=1
    echo "The agent $name ended with code $code; it is started again in $pause s."
    sleep "$pause" & wait $!
    pause=$((pause * 2)); [ "$pause" -gt 60 ] && pause=60
  done
} 2>&1 | {
  trap '' TERM
  echo x | sed -u s/x/y/ >/dev/null 2>&1 && exec sed -u "s/^/$mark/"
  while IFS= read -r line; do printf '%s%s\\n' "$mark" "$line"; done
}
`;

/**
 * The init's child in a container with agents: starts them in their order, each in a session of its own, then the main
 * process, which gets signals from the init as without agents (it signals its child's group, in which agents are not).
 * When the main process has ended, the agents get SIGTERM and ${agentGrace} s, and the container ends with its code.
 * POSIX sh, so that it runs in every image that has one. Where there is no setsid, all get SIGTERM at once.
 * Arguments: script of an agent, number of agents, per agent: mark, name, sh script; then the main process's argv.
 */
const script = `
script=$1 count=$2; shift 2
alone=; command -v setsid >/dev/null 2>&1 && alone=setsid
# A command in the background ignores SIGINT and SIGQUIT unless somebody gives them back.
given=; env --default-signal=INT,QUIT true 2>/dev/null && given='env --default-signal=INT,QUIT'
signalled= agents=
trap 'signalled=1' TERM INT QUIT HUP USR1 USR2
while [ "$count" -gt 0 ]; do
  $alone /bin/sh -c "$script" agent "$1" "$2" /bin/sh -c "$3" &
  agents="$agents $!"
  shift 3; count=$((count - 1))
done
$given "$@" & main=$!
code=
while :; do
  signalled=
  wait "$main"; last=$?
  # 127 the second time: the first answer was the process's own.
  [ "$last" = 127 ] && [ -n "$code" ] && break
  code=$last
  [ -z "$signalled" ] && break
done
# One that has no session yet has not begun either.
if [ -n "$alone" ]; then for agent in $agents; do kill -TERM "-$agent" || kill -TERM "$agent"; done 2>/dev/null
else kill -TERM 0; fi
tries=${agentGrace * 10}
for agent in $agents; do
  while [ "$tries" -gt 0 ] && kill -0 "$agent" 2>/dev/null; do sleep 0.1; tries=$((tries - 1)); done
done
exit "$code"
`;

/** The argument list that runs a main process with its agents beside it, below the container's init. */
export function supervisedArgv(main: readonly string[], agents: readonly AgentSpec[]): [string, ...string[]] {
  const about = agents.flatMap(({ name, command }) => [agentMark(name), name, commandScript(command)]);
  return ['/bin/sh', '-c', script, 'berth', agentScript, String(agents.length), ...about, ...main];
}
