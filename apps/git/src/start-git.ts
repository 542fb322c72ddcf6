import { mkdir, rm } from 'node:fs/promises';
import type { Stoppable } from '@berth/daemon/run';
import type { Parts } from './parts.js';
import { applyAllWantedRefs } from './repositories/apply-wanted-refs.js';
import { collectGarbage } from './repositories/collect-garbage.js';
import { scratchDir } from './repositories/open-repository.js';
import { PushSlots } from './wire/push-slots.js';
import { serveHttp } from './wire/serve-http.js';
import { serveSsh } from './wire/serve-ssh.js';

/** First a while after the start, when nobody waits for it, then once an hour, ms. */
const garbageMs = { first: 5 * 60_000, every: 3600_000 };

/** Moves the refs that are due, then opens both doors. Ports are given back, for tests that let the system choose them. */
export async function startGit(
  opened: Omit<Parts, 'stopping'>,
): Promise<Stoppable & { httpPort: number; sshPort: number }> {
  const stopping = new AbortController();
  const parts: Parts = { ...opened, stopping: stopping.signal };
  await rm(scratchDir(parts.config), { recursive: true, force: true });
  await mkdir(scratchDir(parts.config), { recursive: true });
  await applyAllWantedRefs(parts);
  const slots = new PushSlots(parts.config.BERTH_PUSHES_MAX);
  const http = await serveHttp(parts, slots);
  const ssh = await serveSsh(parts, slots);
  const collect = () =>
    void collectGarbage(parts).catch((error: unknown) => parts.logger.warn({ err: error }, 'garbage collection'));
  const timers = [setTimeout(collect, garbageMs.first), setInterval(collect, garbageMs.every)];
  return {
    httpPort: http.port,
    sshPort: ssh.port,
    stop: async () => {
      for (const timer of timers) clearTimeout(timer); // clears intervals too (HTML standard, timers)
      stopping.abort();
      await Promise.all([http.stop(), ssh.stop()]);
    },
  };
}
