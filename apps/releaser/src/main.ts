import { openLogger } from '@berth/daemon/logger';
import { runDaemon, serveHealth } from '@berth/daemon/run';
import { openReleaseEngine } from '@berth/engine/release-client';
import { openForeignRegistry } from '@berth/images/foreign-registry';
import { openRegistry } from '@berth/images/registry';
import { work } from '@berth/jobs/work';
import { spreadConfig } from '@berth/platform/config-vars/spread-config';
import { openPlatform } from '@berth/platform/platform';
import { type Config, readConfig } from './config.js';
import { addOnHandlers } from './data/add-on-handlers.js';
import type { DataServer } from './data/data-server.js';
import { keepRedis } from './data/keep-redis.js';
import { destroyApp } from './destroy-app.js';
import { collect } from './disk/collect.js';
import type { DiskKeeper } from './disk/disk-keeper.js';
import { keepCollecting } from './disk/keep-collecting.js';
import { measure } from './disk/measure.js';
import { keepDebugsShort } from './keep-debugs-short.js';
import { keepMetering } from './keep-metering.js';
import { runOneOff } from './one-offs/run-one-off.js';
import { listenForVisitors } from './one-offs/visitors.js';
import { destroyEnvironment } from './projects/destroy-environment.js';
import { keepExpiring } from './projects/keep-expiring.js';
import { startEnvironment } from './projects/start-environment.js';
import { runPromotion } from './promote.js';
import { reconcile } from './reconcile.js';
import { runRelease } from './release.js';
import type { Releaser } from './releaser.js';
import { runRollout } from './restart.js';
import { retireInstances } from './retire.js';
import { runCron } from './run-cron.js';
import { OpenShells } from './shells/open-shells.js';
import { serveShells } from './shells/serve-shells.js';
import { keepSleep, type SleepSettings } from './sleep/keep-sleep.js';
import { listenForWakes } from './sleep/listen-for-wakes.js';
import { type SleepKeeper, StartQueue, Transitions } from './sleep/sleep-keeper.js';
import { watchCron } from './watch-cron.js';

const config = readConfig();
const logger = openLogger('releaser', config.LOG_LEVEL);

await runDaemon(logger, async () => {
  const platform = openPlatform(config);
  const engine = openReleaseEngine(config.ENGINE_SOCKET);
  const releasePhaseTimeoutMs = config.BERTH_RELEASE_PHASE_TIMEOUT * 1_000;
  const registry = openRegistry({ url: config.REGISTRY_URL, tokenUrl: config.REGISTRY_TOKEN_URL?.reveal() });
  const production = openProduction(config);
  const data = dataServer(config);
  const releaser: Releaser = { platform, engine, logger, registry, production, data, releasePhaseTimeoutMs };
  const keeper: DiskKeeper = { platform, engine, registry, production, logger, cacheLimits: cacheLimits(config) };
  const sideBySide = config.BERTH_RELEASES_SIDE_BY_SIDE;
  const stopping = new AbortController();
  const transitions = new Transitions();
  const visitors = await listenForVisitors(releaser, config.BERTH_RUN_PORT);
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
      'cron.run': (payload, context) => runCron(releaser, payload, context, stopping.signal),
      'one-off.run': (payload, context) => runOneOff(releaser, payload, context, { visitors, stopping }),
      'promotion.run': (payload, context) => runPromotion(releaser, payload, context),
      'network.remove': ({ environmentId }) => engine.removeNetwork(environmentId),
      ...addOnHandlers({ ...releaser, transitions }),
      'config.spread': (payload, { lease }) => spreadConfig(platform, { ...payload, lease }),
      'app.destroy': (payload, context) => destroyApp(releaser, payload, context),
      'environment.start': (payload, context) => startEnvironment(releaser, payload, context),
      'environment.destroy': (payload, context) => destroyEnvironment(releaser, payload, context),
      'registry.collect': (payload, context) => collect(keeper, payload, context),
      'disk.measure': () => measure(keeper),
    },
    // Retiring mostly waits, and cron jobs are the apps' own load: many at a time.
    concurrency: {
      'release.run': sideBySide,
      'rollout.run': sideBySide,
      'instances.retire': 50,
      'cron.run': 50,
      'one-off.run': 100,
      'app.destroy': 4,
      'addon.provision': 4,
      'addon.grow': 4,
      'environment.start': 50,
      'environment.destroy': 4,
    },
    onError: (error, job) => logger.error({ err: error, job }, 'job'),
  });
  const healer = reconcile(releaser);
  const sleep = await keepAsleepAndAwake({ ...releaser, transitions }, config);
  const cron = watchCron(releaser);
  const metering = keepMetering(releaser, { freeMemory: config.BERTH_SLEEP_FREE_MEMORY / 100 });
  const expiring = keepExpiring(releaser);
  const debugs = keepDebugsShort(releaser);
  const redis = keepRedis(releaser);
  const collecting = keepCollecting(keeper, collectSettings(config));
  const health = await serveHealth(config.HEALTH_PORT, async () => {
    await platform.db.$queryRaw`SELECT 1`;
  });
  const clients = [{ stop: platform.close }, { stop: engine.close }, { stop: () => registry.close() }];
  if (production) clients.push({ stop: () => production.registry.close() });
  // A cron run may take a day: it is cut off, and says so; everything else ends by itself.
  const jobs = { stop: () => Promise.all([stopping.abort(), worker.stop()]).then(() => {}) };
  return [...clients, visitors, health, healer, metering, collecting, jobs, cron, expiring, debugs, redis, ...sleep];
});

/** Sleep, and the two doors at which somebody keeps an app from it: requests, and shells. */
async function keepAsleepAndAwake(releaser: Releaser & Pick<SleepKeeper, 'transitions'>, config: Config) {
  const keeper: SleepKeeper = { ...releaser, starts: new StartQueue(), shells: new OpenShells(), frozen: new Map() };
  const wakes = await listenForWakes(keeper, config.BERTH_WAKE_PORT);
  return [keepSleep(keeper, sleepSettings(config)), wakes, await serveShells(keeper, config.BERTH_SHELL_PORT)];
}

function openProduction({ BERTH_PRODUCTION_REGISTRY_URL: address, BERTH_PRODUCTION_REGISTRY_IS_OURS: isOurs }: Config) {
  return address && { ...openForeignRegistry(address.reveal()), isOurs: isOurs === 'true' };
}

function sleepSettings(config: Config): SleepSettings {
  return {
    pushOutAfterMs: config.BERTH_SLEEP_PUSH_OUT_AFTER * 1_000,
    stopAfterMs: config.BERTH_SLEEP_STOP_AFTER * 3_600_000,
    imageOnlyAfterMs: config.BERTH_SLEEP_IMAGE_ONLY_AFTER * 3_600_000,
    freeMemory: config.BERTH_SLEEP_FREE_MEMORY / 100,
    cpu: config.BERTH_SLEEP_CPU / 100,
  };
}

function collectSettings(config: Config) {
  return { everyMs: config.BERTH_COLLECT_HOURS * 3_600_000, lowSpace: config.BERTH_LOW_SPACE / 100 };
}

function cacheLimits(config: Config) {
  return {
    bytesMax: config.BERTH_CACHED_LAYERS * 1024 * 1024,
    keptMs: config.BERTH_CACHED_LAYERS_DAYS * 24 * 3_600_000,
  };
}

function dataServer(config: Config): DataServer | undefined {
  const { BERTH_DATA_HOST: host, BERTH_DATA_PORT: port, BERTH_DATA_USER: user, BERTH_DATA_PASSWORD: password } = config;
  return host ? { host, port, user, password, toolPath: config.PATH, wakePath: config.BERTH_DATA_WAKE } : undefined;
}
