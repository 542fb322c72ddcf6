import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { unprivilegedUser } from './docker-host.js';

/**
 * Waits for the end of its stdin, then ends a session: SIGHUP, as a terminal that is closed sends, and SIGKILL to what is
 * left 2 s later. POSIX sh and its own words only, as images may have nothing else; process state is read from
 * /proc/<pid>/stat, whose fields after the name in parentheses are state, parent, group, session (proc(5)).
 * Argument: process id of the session's first process.
 */
const script = `
trap '' HUP INT TERM
sid=$1
while IFS= read -r _; do :; done
signal_all() {
  found=
  for stat in /proc/[0-9]*/stat; do
    { IFS= read -r line < "$stat"; } 2>/dev/null || continue
    set -- \${line##*) }
    [ "$4" = "$sid" ] && [ "$1" != Z ] || continue
    pid=\${stat#/proc/}
    kill "-$signal" "\${pid%/stat}" 2>/dev/null && found=1
  done
}
signal=HUP; signal_all
[ -n "$found" ] || exit 0
tries=20 signal=0
while [ "$tries" -gt 0 ]; do
  signal_all
  [ -n "$found" ] || exit 0
  sleep 0.1 || sleep 1; tries=$((tries - 1))
done
signal=KILL; signal_all
`;

/**
 * Ends a session of a container when `end` is called, or when this process or the daemon goes away: Docker leaves what an exec started
 * running when its caller goes, but closes the stdin of one without a terminal, so the guard is a second exec inside.
 */
export async function guardSession(container: Docker.Container, pid: number): Promise<{ end: () => void }> {
  const exec = await container.exec({
    AttachStdin: true,
    AttachStdout: true,
    User: unprivilegedUser,
    Cmd: ['/bin/sh', '-c', script, 'berth-guard', String(pid)],
  });
  const socket = (await exec.start({ hijack: true, stdin: true })) as Duplex;
  socket.on('error', () => {}).resume();
  return { end: () => void socket.end() };
}
