import { mkdir } from 'node:fs/promises';
import { openLogger } from '@berth/daemon/logger';
import { runDaemon } from '@berth/daemon/run';
import { openRegistry } from '@berth/images/registry';
import { openPlatform } from '@berth/platform/platform';
import { openPushGate } from '@berth/platform/registry/open-push-gate';
import { readConfig } from './config.js';
import { startGit } from './start-git.js';

const config = readConfig();
const logger = openLogger('git', config.LOG_LEVEL);

await runDaemon(logger, async () => {
  await mkdir(config.BERTH_GIT_DIR, { recursive: true });
  const platform = openPlatform(config);
  const registry = openRegistry({
    url: config.REGISTRY_URL,
    tokenUrl: config.REGISTRY_TOKEN_URL?.reveal(),
    gate: openPushGate(platform),
  });
  const git = await startGit({ config, platform, registry, logger });
  return [{ stop: platform.close }, { stop: () => registry.close() }, git];
});
