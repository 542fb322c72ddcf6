import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseConfig } from '@berth/daemon/config';
import { type Logger, openLogger } from '@berth/daemon/logger';
import { runDaemon, type Stoppable, serveHealth } from '@berth/daemon/run';
import { environmentTokenPurpose } from '@berth/domain/environment-token';
import { appendLines } from '@berth/logs/log-stream';
import { appendHops } from '@berth/logs/probe-hops';
import { openPlatform, type Platform } from '@berth/platform/platform';
import { reportRequests } from '@berth/platform/routes/report-requests';
import { routerPaths } from '@berth/router/router-settings';
import { defaultStock } from '@berth/router/slots';
import { AppIndex } from './app-index.js';
import { collectLogs } from './collect-logs.js';
import { configSchema } from './config.js';
import { control } from './control.js';
import { Doorbell } from './doorbell.js';
import { givenSettings } from './given-settings.js';
import { HaproxyLink } from './haproxy-link.js';
import { HopTracer } from './hop-tracer.js';
import { platformSource } from './platform-source.js';
import { RequestTimes } from './request-times.js';
import { RouterFiles } from './router-files.js';

const config = parseConfig(configSchema);
const logger = openLogger('router', config.LOG_LEVEL);
/** ms between two writes of what the request lines told. */
const hopsEachMs = 100;
const reportEachMs = 5_000;

await runDaemon(logger, async () => {
  const platform = openPlatform(config);
  const settings = givenSettings(config, platform.secrets.deriveKey(environmentTokenPurpose));
  const apps = new AppIndex();
  const times = new RequestTimes(apps);
  const tracer = new HopTracer(apps);
  const bell = new Doorbell();
  const link = new HaproxyLink(settings.dir, logger);
  const ended = new AbortController();
  await mkdir(settings.dir, { recursive: true });
  const working = Promise.all([
    ringOnWake(platform, bell, ended.signal),
    reportTimes(platform, times, logger, ended.signal),
    sendHops(platform, tracer, ended.signal),
    control(
      {
        source: platformSource(platform),
        files: new RouterFiles(settings),
        link,
        bell,
        apps,
        logger,
        stock: { ...defaultStock },
      },
      ended.signal,
    ),
  ]);
  await Promise.race([apps.learned, working]); // lines that HAProxy kept for us are told apart by the table
  const collector = await collectLogs({
    socketPath: routerPaths(settings.dir).logSocket,
    apps,
    onLine: (request) => tracer.note(request),
    onRequest: (appId, request) => times.note(appId, request),
    append: (appId, lines) => appendLines(platform.redis, platform.instance, appId, lines),
    logger,
  });
  const loop: Stoppable = {
    stop: async () => {
      ended.abort();
      bell.ring();
      await working;
      link.close();
      await collector.stop();
      await platform.close();
    },
  };
  const health = await serveHealth(config.BERTH_HEALTH_PORT, async () => {
    if (!link.isConnected) throw new Error('HAProxy does not answer');
  });
  return [loop, health];
});

/** A probe whose hops do not arrive says so itself. */
async function sendHops({ redis, instance }: Platform, tracer: HopTracer, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(hopsEachMs, undefined, { signal }).catch(() => {});
    for (const [trace, hops] of tracer.take()) await appendHops(redis, instance, trace, hops).catch(() => {});
  }
}

async function reportTimes(
  platform: Platform,
  times: RequestTimes,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(reportEachMs, undefined, { signal }).catch(() => {});
    await reportRequests(platform, times.take()).catch((error) => logger.warn({ err: error }, 'times of requests'));
  }
}

/** The bell keeps rings that come while the controller works; between two waits here none can be missed. */
async function ringOnWake(platform: Platform, bell: Doorbell, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await platform.wake.wait(['routes'], 30_000, signal);
    bell.ring();
  }
}
