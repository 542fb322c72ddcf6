import { openLogger } from '@berth/daemon/logger';
import { runDaemon } from '@berth/daemon/run';
import { openPlatform } from '@berth/platform/platform';
import { config } from './config.js';
import { openServer } from './server.js';

const logger = openLogger('api', config.LOG_LEVEL);

await runDaemon(logger, async () => {
  const platform = openPlatform(config);
  const server = openServer({ platform, logger, secret: config.BERTH_AUTH_SECRET.reveal() });
  await server.listen({ host: '0.0.0.0', port: config.BERTH_API_PORT });
  return [{ stop: platform.close }, { stop: () => server.close() }];
});
