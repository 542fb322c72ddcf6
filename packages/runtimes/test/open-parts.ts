import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { openRegistry, type Registry } from '@berth/images/registry';
import type { RuntimeParts } from '../src/runtime.js';
import { readAptOptions, readAptSources, sourcesOfSuite } from '../src/stacks/apt-sources.js';
import { berth13 } from '../src/stacks/berth-13.js';
import { ensureStack } from '../src/stacks/ensure-stack.js';

/** The real registry, and nothing kept on this host's disk: what is fetched is gone with `close`. */
export async function openTestRegistry() {
  const url = process.env.TEST_REGISTRY_URL;
  if (!url) throw new Error('TEST_REGISTRY_URL is not set: integration tests run on the real parts');
  const registry: Registry = openRegistry({ url, tokenUrl: process.env.TEST_REGISTRY_TOKEN_URL });
  const directory = await mkdtemp(join(tmpdir(), 'berth-runtimes-test-'));
  return {
    registry,
    /** Of this test alone. */
    directory,
    close: async () => {
      await registry.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * What runtimes are made with, on the real registry.
 * @param options `keepsDownloads`: what is big stays for the next test (a JDK, nginx)
 */
export async function openParts({ keepsDownloads = false } = {}) {
  const { registry, directory, close } = await openTestRegistry();
  const cacheDir = keepsDownloads ? join(tmpdir(), 'berth-test-downloads') : directory;
  const stack = await ensureStack({ registry, tarPath: process.env.TEST_STACK_TAR ?? join(cacheDir, 'stack.tar') });
  const lines = sourcesOfSuite(await readAptSources(), berth13.suite);
  const npm = (await run(['npm', 'config', 'get', 'registry'])).stdout.toString().trim();
  const sources = { npm, apt: { lines, options: await readAptOptions() }, cacheDir };
  const parts = { registry, stack, sources, listing: (_key, read) => read() } satisfies RuntimeParts;
  return { parts, registry, stack, sources, directory, close };
}
