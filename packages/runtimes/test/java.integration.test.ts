import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { run } from '@berth/daemon/spawn';
import { pushImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { javaRuntime } from '../src/java/runtime.js';
import type { RuntimeParts } from '../src/runtime.js';
import { openParts } from './open-parts.js';

let registry: Registry;
let parts: RuntimeParts;
const host = () => new URL(process.env.TEST_REGISTRY_URL!).host;

let close: () => Promise<void>;
beforeAll(async () => {
  ({ parts, registry, close } = await openParts({ keepsDownloads: true }));
});
afterAll(() => close?.());

/** What one command says in an image, run as instances and jails are. */
async function ask(image: { repository: string; digest: string }, argv: string[]): Promise<string> {
  const name = `${host()}/${image.repository}@${image.digest}`;
  const limits = [
    '--read-only',
    '--tmpfs',
    '/tmp:exec',
    '--cap-drop',
    'ALL',
    '--user',
    '10001:10001',
    '--network',
    'none',
  ];
  try {
    const { stdout, stderr } = await run(['docker', 'run', '--rm', ...limits, '-e', 'HOME=/tmp', name, ...argv]);
    return `${stdout}${stderr}`;
  } finally {
    await run(['docker', 'rmi', name], { check: false });
  }
}

it.each(['17', '21', '25'])(
  'Java %s runs on the stack and trusts the authorities of the host; its build image compiles with it, and has no other',
  { timeout: 300_000 },
  async (major) => {
    const version = await javaRuntime.resolve(parts, major);
    expect(version.split('.')[0]).toBe(major);
    const runtime = await javaRuntime.ensureRun(parts, version);
    const layers = [parts.stack, runtime].flatMap((one) =>
      one.layers.map((layer) => ({ layer, from: one.repository })),
    );
    const repository = `trial-${randomUUID()}`;
    const image = await pushImage(registry, {
      repository,
      tag: 'a',
      layers,
      config: { env: runtime.config.env, labels: {} },
    });
    const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8');
    const said = await ask(image, [
      'sh',
      '-c',
      'java -version && keytool -list -cacerts -storepass changeit | grep contains',
    ]);
    expect(said).toContain(`openjdk version "${version}"`);
    expect(said).toContain(`contains ${bundle.split('BEGIN CERTIFICATE').length - 1} entries`);

    const build = await javaRuntime.ensureBuild(parts, version, []);
    const tools = await ask(build, [
      'berth-java',
      'sh',
      '-c',
      'javac -version; mvn -v; ls /usr/lib/jvm; keytool -list -cacerts -storepass "" | grep contains',
    ]);
    expect(tools).toContain(`javac ${version}`);
    expect(tools).toMatch(/Apache Maven 3\.9\./);
    expect(tools).toMatch(/contains \d{2,} entries/);
    expect([...new Set(tools.match(/java-\d+-openjdk-amd64$/gm))]).toEqual([`java-${major}-openjdk-amd64`]);
  },
);
