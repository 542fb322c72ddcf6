import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { copyImage } from '../src/copy-image.js';
import { openForeignRegistry } from '../src/foreign-registry.js';
import { pushRecord, readRecord } from '../src/image-record.js';
import type { PackedLayer } from '../src/layer.js';
import { pushImage } from '../src/push-image.js';
import { readImage } from '../src/read-image.js';
import { openRegistry, type Registry } from '../src/registry.js';
import { writeLayer } from '../src/write-layer.js';
import { startRegistry } from './start-registry.js';

type TestRegistry = Awaited<ReturnType<typeof startRegistry>>;

/** A layer that nobody has. */
async function someLayer(sizeBytes: number): Promise<PackedLayer> {
  const content = randomBytes(sizeBytes);
  return writeLayer([{ path: 'data', type: 'file', mode: 0o644, uid: 0, gid: 0, sizeBytes, content }]);
}

describe('an image that is copied to the registry of production', () => {
  let dev: TestRegistry;
  let production: TestRegistry;
  let registry: Registry;
  let foreign: ReturnType<typeof openForeignRegistry>;
  const from = (repository: string) => ({ registry, repository });
  const to = (repository: string) => ({
    registry: foreign.registry,
    repository: `${foreign.prefix}${repository}`,
    shared: `${foreign.prefix}layers`,
  });
  beforeAll(async () => {
    [dev, production] = await Promise.all([startRegistry(), startRegistry()]);
    registry = openRegistry({ url: dev.url });
    foreign = openForeignRegistry(`${production.url}/team/berth`);
  });
  afterAll(async () => {
    await registry?.close();
    await foreign?.registry.close();
    await Promise.all([dev?.stop(), production?.stop()]);
  });

  const push = (repository: string, layers: readonly PackedLayer[]) =>
    pushImage(registry, {
      repository,
      tag: 'one',
      layers: layers.map((layer) => ({ layer })),
      config: { env: { APP: repository }, labels: {}, cmd: ['/data'] },
    });

  it('has the same digest there, and what is kept about it beside it', async () => {
    const pushed = await push('app/a', [await someLayer(3_000_000), await someLayer(100)]);
    const bytes = Buffer.from('{"bomFormat":"CycloneDX"}');
    await pushRecord(registry, { repository: 'app/a', imageDigest: pushed.digest, kind: 'sbom', bytes });
    await copyImage(from('app/a'), to('app/a'), pushed.digest);
    const { repository } = to('app/a');
    expect(repository).toBe('team/berth/app/a');
    expect(await readImage(foreign.registry, repository, pushed.digest)).toEqual({ ...pushed, repository });
    const record = { repository, imageDigest: pushed.digest, kind: 'sbom' } as const;
    expect(await readRecord(foreign.registry, record)).toBe(bytes.toString());
  });

  it('takes along only what is not there: layers of other apps are mounted, a second copy reads nothing', async () => {
    const shared = await someLayer(2_000_000);
    const first = await push('app/b', [shared]);
    await copyImage(from('app/b'), to('app/b'), first.digest);
    const own = await someLayer(500);
    const second = await push('app/c', [shared, own]);
    const read = vi.spyOn(registry, 'getBlob');
    await copyImage(from('app/c'), to('app/c'), second.digest);
    const travelled = read.mock.calls.map(([, digest]) => digest);
    expect(travelled).toContain(own.digest);
    expect(travelled).not.toContain(shared.digest);
    expect(travelled).toHaveLength(2); // its own layer and its configuration
    read.mockClear();
    await copyImage(from('app/c'), to('app/c'), second.digest);
    expect(read).not.toHaveBeenCalled();
  });

  it('that is not whole is tried again later: nothing refers to half an image', async () => {
    const missing = `sha256:${'0'.repeat(64)}`;
    await expect(copyImage(from('app/d'), to('app/d'), missing)).rejects.toMatchObject({ name: 'TransientError' });
    expect(await foreign.registry.getManifest(to('app/d').repository, missing)).toBeUndefined();
  });
});
