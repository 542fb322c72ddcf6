import { createHash } from 'node:crypto';
import { openLogger } from '@berth/daemon/logger';
import { runDaemon, serveHealth } from '@berth/daemon/run';
import { openBuildEngine } from '@berth/engine/build-client';
import { openRegistry } from '@berth/images/registry';
import { work } from '@berth/jobs/work';
import { openPlatform } from '@berth/platform/platform';
import { openPushGate } from '@berth/platform/registry/open-push-gate';
import { openAdmission } from './admission.js';
import { openBases } from './bases.js';
import type { Builder } from './builder.js';
import { limitsOf, readConfig, sourcesOf } from './config.js';
import { jobHandlers, sideBySide } from './job-handlers.js';
import { keepRecordingStack } from './keep-recording-stack.js';
import { keepSweepingJails } from './sweep-jails.js';

const config = readConfig();
const logger = openLogger('builder', config.LOG_LEVEL);

await runDaemon(logger, async () => {
  const platform = openPlatform(config);
  const engine = openBuildEngine(config.ENGINE_SOCKET);
  const registry = openRegistry({
    url: config.REGISTRY_URL,
    tokenUrl: config.REGISTRY_TOKEN_URL?.reveal(),
    gate: openPushGate(platform),
  });
  const sources = sourcesOf(config);
  const bases = openBases({ registry, sources });
  const limits = limitsOf(config);
  const builder: Builder = {
    platform,
    engine,
    registry,
    bases,
    admission: openAdmission({ platform, limits }),
    logger,
    limits,
    sources,
    mirror: config.BERTH_MIRROR,
    keySecret: createHash('sha256').update(`dependencies key:${config.BERTH_SECRET_KEY.reveal()}`).digest(),
  };
  warmUp(builder);
  const worker = work({
    db: platform.db,
    redis: platform.redis,
    queue: platform.queue,
    instance: platform.instance,
    leaseTtlMs: config.BERTH_LEASE_TTL_MS,
    handlers: jobHandlers(builder),
    concurrency: sideBySide(config.BERTH_BUILDS_SIDE_BY_SIDE),
    onError: (error, job) => logger.error({ err: error, job }, 'job'),
  });
  const sweeper = keepSweepingJails(builder);
  const recorder = keepRecordingStack(builder);
  const health = await serveHealth(config.HEALTH_PORT, async () => {
    await platform.db.$queryRaw`SELECT 1`;
  });
  return [
    { stop: platform.close },
    { stop: engine.close },
    { stop: () => registry.close() },
    health,
    sweeper,
    recorder,
    worker,
  ];
});

/** What most builds need is looked up before the first one asks. */
function warmUp({ bases, logger }: Builder): void {
  const warm = async () => {
    const version = await bases.resolve('node', undefined);
    await bases.buildImage('node', version, []);
  };
  warm().catch((error) => logger.warn({ err: error }, 'warm up'));
}
