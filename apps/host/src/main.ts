import { join } from 'node:path';
import { openLogger } from '@berth/daemon/logger';
import { runDaemon, serveHealth } from '@berth/daemon/run';
import { openDockerHost } from '@berth/engine/docker/open-docker-host';
import { hostWarnings } from '@berth/engine/host-facts';
import { serveBuildEngine, serveReleaseEngine } from '@berth/engine/serve-engines';
import { Redis } from 'ioredis';
import { readConfig } from './config.js';
import { engineSettings } from './engine-settings.js';
import { type LogShipper, shipLogs } from './ship-logs.js';

const config = readConfig();
const logger = openLogger('host', config.LOG_LEVEL);
const socketIn = (directory: string) => join(config.BERTH_RUN_DIR, directory, 'engine.sock');

await runDaemon(logger, async () => {
  let shipper: LogShipper | undefined;
  const beforeRemoval = async (containerId: string) => shipper?.whenShipped(containerId);
  const settings = { ...engineSettings(config), beforeRemoval };
  const engines = await openDockerHost(settings, (message, fields) => logger.info(fields, message));
  logger.info({ facts: engines.host.facts }, 'host facts');
  for (const warning of hostWarnings(engines.host.facts)) logger.warn(warning);

  const redis = new Redis(config.REDIS_URL, { maxRetriesPerRequest: null });
  redis.on('error', (error) => logger.warn({ err: error }, 'redis'));
  shipper = shipLogs(engines.host, redis, logger);

  const onError = (verb: string, error: unknown) => logger.error({ err: error, verb }, 'verb');
  const build = await serveBuildEngine(socketIn('build'), engines.build, onError);
  const release = await serveReleaseEngine(socketIn('release'), engines.release, onError);
  const health = await serveHealth(config.HEALTH_PORT, engines.check);
  return [{ stop: async () => redis.disconnect() }, engines, shipper, build, release, health];
});
