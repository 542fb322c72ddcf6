import type { Jail } from './jail.js';

/** From this part of the cache disk on (percent) its caches are pruned, so that the next build has room. */
const fullFrom = 75;
/** A package of a cache that is one file per package goes when no build read it for so long, days. */
const unreadDays = 14;

/**
 * $1 percent, $2 days. First single files of the caches whose tools fetch again what is missing; then whole caches, of each
 * tool and language one, those that were read longest ago first. Directories of unpacked packages are never thinned out: a tool
 * takes half a package for a whole one.
 */
const script = `
full() { [ "$(df --output=pcent /cache | tail -n 1 | tr -dc 0-9)" -ge "$1" ]; }
full "$1" || exit 0
for files in /cache/npm/_cacache/content-v2 /cache/home/.cache/pip/http-v2 /cache/pip/http-v2; do
  [ -d "$files" ] && find "$files" -type f -atime "+$2" -delete
done
for cache in /cache/* /cache/home/.[!.]* /cache/home/* /cache/home/.cache/*; do
  case "$cache" in /cache/home|/cache/home/.cache) continue;; esac
  [ -d "$cache" ] && [ ! -L "$cache" ] || continue
  last=$(find "$cache" -type f -printf '%A@\\n' | sort -rn | head -n 1)
  printf '%s\\t%s\\n' "\${last:-0}" "$cache"
done | sort -n | cut -f 2 | while read -r cache; do
  full "$1" || exit 0
  chmod -R u+w "$cache" && rm -rf "$cache"
done`;

/** Makes room on the app's cache disk when it is nearly full; at the end of a build, whose own cache is the last to go. */
export async function pruneCache(jail: Pick<Jail, 'runQuietly'>, limits = { fullFrom, unreadDays }): Promise<void> {
  const numbers = [limits.fullFrom, limits.unreadDays].map(String);
  await jail.runQuietly(['/bin/sh', '-c', script, 'sh', ...numbers]);
}
