import { mkdir, rm } from 'node:fs/promises';
import type { Stoppable } from '@berth/daemon/run';
import { work } from '@berth/jobs/work';
import type { Parts } from './parts.js';
import { makeServiceSource } from './projects/make-service-source.js';
import { applyAllWantedRefs } from './repositories/apply-wanted-refs.js';
import { collectGarbage } from './repositories/collect-garbage.js';
import { scratchDir } from './repositories/open-repository.js';
import { ExecPasses } from './shell/exec-passes.js';
import { loadHostKey } from './wire/load-host-key.js';
import { PushSlots } from './wire/push-slots.js';
import { serveHttp } from './wire/serve-http.js';
import { serveSsh } from './wire/serve-ssh.js';

/** Sources that are made side by side for project environments; each is a `git archive` and an upload. */
const sourcesSideBySide = 4;

function workSources(parts: Parts): Stoppable {
  const { db, redis, queue, instance } = parts.platform;
  return work({
    ...{ db, redis, queue, instance },
    handlers: { 'source.make': (payload, context) => makeServiceSource(parts, payload, context) },
    concurrency: { 'source.make': sourcesSideBySide },
    onError: (error, job) => parts.logger.error({ err: error, job }, 'job'),
  });
}

/** First a while after the start, when nobody waits for it, then once an hour, ms. */
const garbageMs = { first: 5 * 60_000, every: 3600_000 };

/** Moves the refs that are due, then opens both doors and makes sources that others ask for. Ports are given back, for tests that let the system choose them. */
export async function startGit(
  opened: Omit<Parts, 'stopping'>,
): Promise<Stoppable & { httpPort: number; sshPort: number }> {
  const stopping = new AbortController();
  const parts: Parts = { ...opened, stopping: stopping.signal };
  await rm(scratchDir(parts.config), { recursive: true, force: true });
  await mkdir(scratchDir(parts.config), { recursive: true });
  await applyAllWantedRefs(parts);
  const slots = new PushSlots(parts.config.BERTH_PUSHES_MAX);
  const exec = { passes: new ExecPasses(), hostKey: await loadHostKey(parts.config.BERTH_GIT_DIR) };
  const http = await serveHttp(parts, slots, exec);
  const ssh = await serveSsh(parts, slots, exec);
  const collect = () =>
    void collectGarbage(parts).catch((error: unknown) => parts.logger.warn({ err: error }, 'garbage collection'));
  const worker = workSources(parts);
  const timers = [setTimeout(collect, garbageMs.first), setInterval(collect, garbageMs.every)];
  return {
    httpPort: http.port,
    sshPort: ssh.port,
    stop: async () => {
      for (const timer of timers) clearTimeout(timer); // clears intervals too (HTML standard, timers)
      stopping.abort();
      await Promise.all([http.stop(), ssh.stop(), worker.stop()]);
    },
  };
}
