import { openLogger } from '@berth/daemon/logger';
import { runDaemon, serveHealth } from '@berth/daemon/run';
import { openReleaseEngine } from '@berth/engine/release-client';
import { work } from '@berth/jobs/work';
import { openPlatform } from '@berth/platform/platform';
import { readConfig } from './config.js';
import { destroyApp } from './destroy-app.js';
import { reconcile } from './reconcile.js';
import { runRelease } from './release.js';
import type { Releaser } from './releaser.js';
import { runRollout } from './restart.js';
import { retireInstances } from './retire.js';

const config = readConfig();
const logger = openLogger('releaser', config.LOG_LEVEL);

await runDaemon(logger, async () => {
  const platform = openPlatform(config);
  const engine = openReleaseEngine(config.ENGINE_SOCKET);
  const releasePhaseTimeoutMs = config.BERTH_RELEASE_PHASE_TIMEOUT * 1_000;
  const releaser: Releaser = { platform, engine, logger, releasePhaseTimeoutMs };
  const sideBySide = config.BERTH_RELEASES_SIDE_BY_SIDE;
  const worker = work({
    db: platform.db,
    redis: platform.redis,
    queue: platform.queue,
    instance: platform.instance,
    leaseTtlMs: config.BERTH_LEASE_TTL_MS,
    handlers: {
      'release.run': (payload, context) => runRelease(releaser, payload, context),
      'rollout.run': (payload, context) => runRollout(releaser, payload, context),
      'instances.retire': (payload, context) => retireInstances(releaser, payload, context),
      'app.destroy': (payload, context) => destroyApp(releaser, payload, context),
    },
    // Retiring mostly waits: many at a time.
    concurrency: { 'release.run': sideBySide, 'rollout.run': sideBySide, 'instances.retire': 50, 'app.destroy': 4 },
    onError: (error, job) => logger.error({ err: error, job }, 'job'),
  });
  const healer = reconcile(releaser);
  const health = await serveHealth(config.HEALTH_PORT, async () => {
    await platform.db.$queryRaw`SELECT 1`;
  });
  return [{ stop: platform.close }, { stop: engine.close }, health, healer, worker];
});
