import type { OneOff } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';
import { type ReleaseWork, readWork } from '../rollouts/read-work.js';
import { oneOffName } from './one-off-name.js';

export interface OneOffWork {
  /** `env` is decrypted: secrets. */
  oneOff: Pick<OneOff, 'id' | 'command' | 'size' | 'isAttached' | 'hasTerminal' | 'timeLimit'> & {
    /** `run.1234` */
    name: string;
    env: Record<string, string>;
  };
  /** The app's current release, or the one that is debugged. Holds secrets. */
  work: ReleaseWork;
  /** An earlier try began it: its container may be there still, and it is not run again. */
  isCutOff: boolean;
}

/** What a one-off works with; undefined when it is over, or its app has nothing to run any more. Changes nothing. */
export async function readOneOff(
  platform: Platform,
  { oneOffId }: { oneOffId: string },
): Promise<OneOffWork | undefined> {
  const row = await platform.db.oneOff.findUnique({ where: { id: oneOffId }, include: { app: true } });
  if (!row || (row.status !== 'pending' && row.status !== 'running')) return undefined;
  const { currentReleaseId, destroyedAt } = row.app;
  const releaseId = row.releaseId ?? currentReleaseId;
  const work = releaseId && !destroyedAt ? await readWork(platform, platform.db, releaseId) : undefined;
  if (!work) return undefined;
  const { id, command, size, isAttached, hasTerminal, timeLimit } = row;
  const env = JSON.parse(platform.secrets.open(row.env)) as Record<string, string>;
  return {
    oneOff: { id, command, size, isAttached, hasTerminal, timeLimit, name: oneOffName(row), env },
    work,
    isCutOff: row.status === 'running',
  };
}
