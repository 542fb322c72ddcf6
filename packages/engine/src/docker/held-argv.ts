/** Left by the first start, in the container's own files (its /tmp is no memory). Docker cannot change what a container runs. */
const mark = '/tmp/.berth-ran';

/**
 * Runs a command the first time that its container is started, in its place, so that nothing stands between it and its signals;
 * every later time it only waits, with the files as they were left: somebody looks at them by a terminal. POSIX sh; ends with SIGTERM.
 */
const script = `
if [ ! -e ${mark} ] && : > ${mark}; then exec "$@"; fi
echo "This container is held as its process left it."
trap 'exit 0' TERM INT
while :; do sleep 3600 & wait "$!"; done
`;

export const heldArgv = (argv: readonly [string, ...string[]]): [string, ...string[]] => [
  '/bin/sh',
  '-c',
  script,
  'berth-held',
  ...argv,
];
