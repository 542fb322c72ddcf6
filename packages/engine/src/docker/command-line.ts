import { propagationProfile } from '@berth/domain/propagation-root';

/** Words that are the shell's own: a line that begins with one cannot be exec-ed. */
const shellWords = new Set(
  'if for while until case function select time cd . source exec eval export set unset trap exit return wait umask ulimit read shift alias command builtin test [ [[ { ! : true false'.split(
    ' ',
  ),
);

/**
 * The customer's shell line as arguments below an init that signals the whole process group.
 * A simple command is exec-ed, so that SIGTERM reaches it and nothing stands between (Heroku does the same). In any other
 * line (`a && b`, `a; b`, redirections, assignments) the shell stays: it gets SIGTERM with the rest, waits until the command
 * that runs has ended, and then ends too, instead of going on with the next one or dying first and taking the command along.
 */
export const commandArgv = (line: string): [string, ...string[]] => [
  '/bin/sh',
  '-c',
  loader,
  'sh',
  commandScript(line),
];

/** The same as a script for a shell of one's own. */
export function commandScript(line: string): string {
  const trimmed = line.trim();
  return isSimple(trimmed) ? `exec ${trimmed}` : `trap 'exit 143' TERM\n${line}`;
}

/** An interactive shell with the same variables as the customer's lines. */
export const shellArgv = (): [string, ...string[]] => ['/bin/sh', '-c', loader, 'sh', shellScript];

const shellScript = 'if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi';

const propagation = `[ ! -r ${propagationProfile} ] || . ${propagationProfile}`;

/**
 * Runs its argument; after what buildpacks left in .profile.d and the app has in .profile, where there is any (Heroku's
 * Buildpack API). Those are written for bash. What the image has for propagation comes last: it adds to variables that the
 * app's config vars and profiles may have set.
 */
const loader = `if [ ! -d "$HOME/.profile.d" ] && [ ! -f "$HOME/.profile" ]; then ${propagation}; eval "$1"; exit; fi
exec /bin/bash -c 'for f in "$HOME"/.profile.d/*.sh "$HOME/.profile"; do [ -r "$f" ] && . "$f"; done; ${propagation}; eval "$0"' "$1"`;

function isSimple(line: string): boolean {
  const first = /^\S+/.exec(line)?.[0] ?? '';
  if (first === '' || first.includes('=') || shellWords.has(first)) return false;
  return !/[;&|<>()\n`#]/.test(line.replace(/'[^'\n]*'/g, ''));
}
