import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import type { AfterCommit } from '../platform.js';

export interface Spread {
  teamId: string;
  /** Only to this environment's apps and those of the project environments upon it; null: to all of the team's. */
  environmentId: string | null;
  userId: string;
  /** Of the releases that it makes. */
  description: string;
}

/**
 * A change of config may reach apps beside the one it was made for: a job looks at each, under that app's own lock, and makes
 * a release where the config would differ.
 */
export async function askSpread(tx: Tx, after: AfterCommit, spread: Spread): Promise<void> {
  after.jobs.push(await addJob(tx, 'config.spread', spread));
}
