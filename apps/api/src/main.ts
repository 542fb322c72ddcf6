import { pricesOf } from '@berth/daemon/config';
import { openLogger } from '@berth/daemon/logger';
import { runDaemon } from '@berth/daemon/run';
import { detourPort } from '@berth/domain/tether-ports';
import { signTokens } from '@berth/images/own-tokens';
import { Registry } from '@berth/images/registry';
import { openPlatform } from '@berth/platform/platform';
import { openPushGate } from '@berth/platform/registry/open-push-gate';
import { endAllDetours } from '@berth/platform/tethers/end-all-detours';
import { config } from './config.js';
import { keepLookingForUploads } from './images/look-for-uploads.js';
import { openRegistryAccess } from './registry-access.js';
import { openServer } from './server.js';
import { detourServer } from './tethers/detour-server.js';
import { OpenTethers } from './tethers/open-tethers.js';

const logger = openLogger('api', config.LOG_LEVEL);

await runDaemon(logger, async () => {
  const platform = openPlatform(config);
  const { BERTH_REGISTRY_KEYS: directory, BERTH_REGISTRY_SECRETS: secrets } = config;
  const registry = directory ? await openRegistryAccess({ directory, secrets: secrets.reveal() }) : undefined;
  const images = new Registry({
    url: config.REGISTRY_URL,
    authorizer: registry && signTokens(registry.sign, 'api'),
    gate: openPushGate(platform),
  });
  const eventsSecret = config.BERTH_REGISTRY_EVENTS_SECRET?.reveal();
  const hasProductionRegistry = config.BERTH_HAS_PRODUCTION_REGISTRY;
  const prices = pricesOf(config);
  const secret = config.BERTH_AUTH_SECRET.reveal();
  const routerAddress = config.BERTH_ROUTER_GATEWAY;
  const records = { images, registry, eventsSecret, hasProductionRegistry, routerAddress };
  const tethers = new OpenTethers();
  await endAllDetours(platform); // those of a process that was killed
  const server = openServer({ platform, logger, secret, ...records, prices, tethers });
  await server.listen({ host: '0.0.0.0', port: config.BERTH_API_PORT });
  const detours = detourServer(tethers).listen(detourPort);
  const looking = keepLookingForUploads({ platform, images, logger }, config.BERTH_UPLOADS_EVERY * 1_000);
  return [
    { stop: platform.close },
    { stop: () => images.close() },
    looking,
    { stop: async () => detours.closeAllConnections() },
    { stop: () => server.close() },
  ];
});
