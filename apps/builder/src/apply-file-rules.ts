import type { FileRule } from '@berth/domain/berth-yaml';
import { UserError } from '@berth/domain/errors';
import { appUser, type LayerEntry } from '@berth/images/layer';

const owners = { app: appUser, root: { uid: 0, gid: 0 } };

/**
 * Gives the files of a code layer (`app/…`) the owner and mode that berth.yaml's `files` names; the last rule that fits
 * wins. A path with a slash at its end is a directory with everything in it, made when it is not there: its mode goes to
 * what is in it too, with the right to enter directories. Throws for a file that is not there.
 */
export function applyFileRules(entries: readonly LayerEntry[], rules: readonly FileRule[]): LayerEntry[] {
  return rules.reduce<LayerEntry[]>((all, rule) => applyRule(all, rule), [...entries]);
}

function applyRule(entries: LayerEntry[], { path, owner, mode }: FileRule): LayerEntry[] {
  const isDirectory = path.endsWith('/');
  const place = `app/${path.replace(/^(\.\/)+|\/+$/g, '')}`;
  const fits = (entry: LayerEntry) => entry.path === place || (isDirectory && entry.path.startsWith(`${place}/`));
  if (!isDirectory && !entries.some(fits))
    throw new UserError('bad_request', `berth.yaml: files: there is no file ${path} in the image.`);
  const all = isDirectory && !entries.some((entry) => entry.path === place) ? [...entries, directory(place)] : entries;
  return all.map((entry) => (fits(entry) ? { ...entry, ...owners[owner], ...modeOf(entry, mode) } : entry));
}

function modeOf({ type, mode: before }: LayerEntry, mode: number | undefined): { mode: number } {
  if (mode === undefined || type === 'symlink') return { mode: before };
  // Who may read a directory's files may enter it: 0640 → 0750.
  return { mode: type === 'directory' ? mode | ((mode & 0o444) >> 2) : mode };
}

const directory = (path: string): LayerEntry => ({ path, type: 'directory', mode: 0o755, ...appUser });
