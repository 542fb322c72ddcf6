import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TransientError } from '@berth/domain/errors';

/** Lists are used for this long before the archive is asked again, ms. */
const freshMs = 6 * 3_600_000;
/** Somebody may still read lists that were replaced this long ago, ms. */
const usedMs = 3_600_000;

const underWay = new Map<string, Promise<string>>();

/**
 * The directory of package lists that are fresh enough; `update` fills a new one. Each set of lists has a directory of its
 * own, named by its time and moved there when it is complete: a kill leaves the older one, and two builders do not meet.
 * When the archive does not answer, older lists are better than none.
 */
export function updateAptLists(directory: string, update: (target: string) => Promise<void>): Promise<string> {
  const found = underWay.get(directory);
  if (found) return found;
  const made = findOrUpdate(directory, update).finally(() => underWay.delete(directory));
  underWay.set(directory, made);
  return made;
}

async function findOrUpdate(directory: string, update: (target: string) => Promise<void>): Promise<string> {
  await mkdir(directory, { recursive: true });
  const names = await readdir(directory);
  const known = names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
  const [newest] = known;
  if (newest && Date.now() - Number(newest) < freshMs) return join(directory, newest);
  const part = join(directory, `part-${Date.now()}-${randomUUID()}`);
  try {
    await mkdir(join(part, 'partial'), { recursive: true });
    await update(part);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if (newest) return join(directory, newest);
    throw new TransientError(`The lists of Debian packages could not be fetched: ${error}`, { cause: error });
  }
  const target = join(directory, String(Date.now()));
  await rename(part, target);
  const madeAt = (name: string) => Number(/^(?:part-)?(\d+)/.exec(name)?.[1] ?? Date.now());
  const old = names.filter((name) => Date.now() - madeAt(name) > freshMs + usedMs);
  await Promise.all(old.map((name) => rm(join(directory, name), { recursive: true, force: true })));
  return target;
}

/** After a package was not where the lists say: the archive has moved on, and the next use asks it again. */
export async function expireAptLists(lists: string): Promise<void> {
  const expired = join(dirname(lists), '1');
  await rm(expired, { recursive: true, force: true });
  await rename(lists, expired).catch(() => {}); // another one was faster
}
