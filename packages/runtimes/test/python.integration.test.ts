import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { openRegistry, type Registry } from '@berth/images/registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDebianLayer } from '../src/debian/ensure-debian-layer.js';
import { compileBytecode } from '../src/python/compile-bytecode.js';
import { linkPython } from '../src/python/link-python.js';
import { pythonRuntime } from '../src/python/runtime.js';
import type { RuntimeParts } from '../src/runtime.js';
import { readAptOptions, readAptSources, sourcesOfSuite } from '../src/stacks/apt-sources.js';
import { berth13 } from '../src/stacks/berth-13.js';
import { ensureStack } from '../src/stacks/ensure-stack.js';

let registry: Registry;
let parts: RuntimeParts;
let directory: string;

beforeAll(async () => {
  const url = process.env.TEST_REGISTRY_URL;
  if (!url) throw new Error('TEST_REGISTRY_URL is not set: integration tests run on the real parts');
  registry = openRegistry({ url, tokenUrl: process.env.TEST_REGISTRY_TOKEN_URL });
  directory = await mkdtemp(join(tmpdir(), 'berth-python-test-'));
  const stack = await ensureStack({ registry, tarPath: process.env.TEST_STACK_TAR ?? join(directory, 'stack.tar') });
  const lines = sourcesOfSuite(await readAptSources(), berth13.suite);
  const npm = (await run(['npm', 'config', 'get', 'registry'])).stdout.toString().trim();
  const sources = { npm, apt: { lines, options: await readAptOptions() }, cacheDir: directory };
  parts = { registry, stack, sources, listing: (_key, read) => read() };
});
afterAll(async () => {
  await registry.close();
  await rm(directory, { recursive: true, force: true });
});

test('the interpreter and its compiled modules have the same bytes whenever they are made', {
  timeout: 180_000,
}, async () => {
  const make = () =>
    ensureDebianLayer(parts, {
      name: `trial-${randomUUID()}`,
      packages: ['python3-minimal'],
      isShipped: true,
      link: linkPython(parts, undefined),
    });
  const first = await make();
  expect((await make()).layer.diffId).toBe(first.layer.diffId);
});

test('modules are not compiled by whatever Python this host has', async () => {
  await expect(compileBytecode(parts, [])).rejects.toThrow('no interpreter');
});

test('the default is the Python of the stack, and its layers say what they may be moved to', {
  timeout: 180_000,
}, async () => {
  const version = await pythonRuntime.resolve(parts, undefined);
  expect(version).toMatch(/^3\.13\./);
  const runtime = await pythonRuntime.ensureRun(parts, version);
  expect(runtime.config.labels['berth.abi']).toBe('berth-13/cpython-313');
  expect(JSON.parse(runtime.config.labels['berth.packages']!)).toContainEqual(
    expect.stringMatching(/^python3\.13=3\.13\./),
  );
  expect(await pythonRuntime.ensureRun(parts, version)).toEqual(runtime);
});
