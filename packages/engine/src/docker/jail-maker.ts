import { randomBytes } from 'node:crypto';
import type { JailShape } from '../interface.js';
import { detachCaches, removeJailDisks } from './disks.js';
import type { DockerHost } from './docker-host.js';
import { removeOldCaches } from './kept-disks.js';
import { type Jail, makeJail, removeJail, removeJailParts } from './make-jail.js';

const sweepEveryMs = 60_000;
/** What the daemon still finished for a process that was killed is there by then. */
const secondSweepMs = 5_000;

/** Makes and removes jails, and knows which are ours: every other one is what a killed process left. */
export interface JailMaker {
  make: (shape: JailShape) => Promise<Jail>;
  remove: (jail: Jail) => Promise<void>;
  stop: () => void;
}

/** Sweeps once before it returns, a second time soon after, then every minute. */
export async function openJailMaker(host: DockerHost): Promise<JailMaker> {
  const ours = new Set<string>();
  const sweep = async () => {
    const isLeft = (jailId: string) => !ours.has(jailId);
    await removeJailParts(host, isLeft);
    await removeJailDisks(host.settings.disksDirectory, isLeft);
    await removeOldCaches(host.settings.disksDirectory);
  };
  const sweepAgain = () => void sweep().catch((error: unknown) => host.note('sweep of jails', { err: error }));
  await sweep();
  await detachCaches(host.settings.disksDirectory);
  const timers = [setTimeout(sweepAgain, secondSweepMs), setInterval(sweepAgain, sweepEveryMs)];
  return {
    make: async (shape) => {
      const jailId = randomBytes(6).toString('hex');
      ours.add(jailId);
      try {
        return await makeJail(host, jailId, shape);
      } catch (error) {
        ours.delete(jailId);
        throw error;
      }
    },
    remove: async (jail) => {
      await removeJail(host, jail);
      ours.delete(jail.jailId);
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
