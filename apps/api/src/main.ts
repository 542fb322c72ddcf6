import { openLogger } from '@berth/daemon/logger';
import { runDaemon } from '@berth/daemon/run';
import { signTokens } from '@berth/images/own-tokens';
import { Registry } from '@berth/images/registry';
import { openPlatform } from '@berth/platform/platform';
import { config } from './config.js';
import { openRegistryAccess } from './registry-access.js';
import { openServer } from './server.js';

const logger = openLogger('api', config.LOG_LEVEL);

await runDaemon(logger, async () => {
  const platform = openPlatform(config);
  const { BERTH_REGISTRY_KEYS: directory, BERTH_REGISTRY_SECRETS: secrets } = config;
  const registry = directory ? await openRegistryAccess({ directory, secrets: secrets.reveal() }) : undefined;
  const images = new Registry({
    url: config.REGISTRY_URL,
    authorizer: registry && signTokens(registry.sign, 'api'),
  });
  const server = openServer({ platform, logger, secret: config.BERTH_AUTH_SECRET.reveal(), images, registry });
  await server.listen({ host: '0.0.0.0', port: config.BERTH_API_PORT });
  return [{ stop: platform.close }, { stop: () => images.close() }, { stop: () => server.close() }];
});
