import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { openLogger } from '@berth/daemon/logger';
import { run } from '@berth/daemon/spawn';
import { askToken } from '@berth/images/ask-token';
import { signTokens } from '@berth/images/own-tokens';
import { pushImage } from '@berth/images/push-image';
import { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { startRegistry } from '../../../packages/images/test/start-registry.js';
import { openRegistryAccess } from '../src/registry-access.js';
import { openServer } from '../src/server.js';
import { startTestApi } from './start-test-api.js';

const secrets = { git: 'of-git', builder: 'of-builder', host: 'of-host', releaser: 'of-releaser' };

/** The API as the token server of a real registry, which tells it of pushes. */
export async function openRegistryWorld() {
  const test = await startTestApi();
  const port = await freePort();
  const eventsSecret = randomBytes(16).toString('hex');
  const realm = `http://127.0.0.1:${port}/registry/token`;
  const { registryEnv } = await import(new URL('../../../scripts/up/registry-env.mjs', import.meta.url).href);
  const env: Record<string, string> = registryEnv({
    httpSecret: 'secret',
    realm,
    service: 'berth',
    eventsSecret,
    s3: {},
  });
  const registry = await startRegistry(async (folder) => {
    await makeKey(folder);
    return {
      ...env,
      REGISTRY_AUTH: env.REGISTRY_AUTH!.replace('/run/berth/token.crt', join(folder, 'token.crt')),
      REGISTRY_NOTIFICATIONS: env.REGISTRY_NOTIFICATIONS!.replace('http://api:8000', `http://127.0.0.1:${port}`),
    };
  });
  const access = await openRegistryAccess({
    directory: registry.folder,
    secrets: Object.entries(secrets)
      .map((pair) => pair.join('='))
      .join(','),
  });
  const { platform } = test;
  const logger = openLogger('api', 'fatal');
  const images = new Registry({ url: registry.url, authorizer: signTokens(access.sign, 'api') });
  const start = async () => {
    const secret = randomBytes(32).toString('hex');
    const server = openServer({ platform, logger, secret, images, registry: access, eventsSecret });
    await server.listen({ host: '127.0.0.1', port });
    return server;
  };
  let server = await start();
  const tokenFor = async (user: string, password: string, ...scopes: string[]) =>
    (await askToken(realm.replace('//', `//${user}:${password}@`), 'berth', scopes)).token;
  return {
    ...test,
    registry,
    access,
    images,
    logger,
    secrets,
    tokenFor,
    url: `http://127.0.0.1:${port}`,
    stopApi: () => server.close(),
    startApi: async () => {
      server = await start();
    },
    /** As the registry tells of what happened; the status of the answer. */
    tell: async (body: object) =>
      (
        await fetch(`http://127.0.0.1:${port}/registry/events`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${eventsSecret}`,
            'content-type': 'application/vnd.docker.distribution.events.v1+json',
          },
          body: JSON.stringify(body),
        })
      ).status,
    /** The registry's client of somebody with this token. */
    clientOf: (token: string) =>
      new Registry({ url: registry.url, authorizer: { authorize: async () => `Bearer ${token}`, forget: () => {} } }),
    close: async () => {
      await server.close();
      await images.close();
      await registry.stop();
      await test.stop();
    },
  };
}

async function makeKey(folder: string): Promise<void> {
  const files = ['-keyout', join(folder, 'token.key'), '-out', join(folder, 'token.crt')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=tokens'];
  await run(['openssl', 'req', '-x509', ...kind, ...files]);
  await chmod(join(folder, 'token.crt'), 0o644);
}

/** Pushes a small image that nobody has pushed before; its digest. */
export async function pushSomeImage(
  registry: Registry,
  repository: string,
  { tag = 'latest', cmd = ['/server'] } = {},
): Promise<string> {
  const content = Buffer.from(randomBytes(16).toString('hex'));
  const file = {
    path: 'server',
    type: 'file',
    mode: 0o755,
    uid: 0,
    gid: 0,
    sizeBytes: content.length,
    content,
  } as const;
  const { digest } = await pushImage(registry, {
    repository,
    tag,
    layers: [{ layer: await writeLayer([file]) }],
    config: { env: {}, labels: {}, cmd },
  });
  return digest;
}
