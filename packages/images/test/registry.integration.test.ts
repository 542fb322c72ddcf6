import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchSource } from '../src/fetch-source.js';
import { appUser } from '../src/layer.js';
import { normaliseTar } from '../src/normalise-tar.js';
import { ensureBlob, MissingBlobError, pushImage } from '../src/push-image.js';
import { pushSource } from '../src/push-source.js';
import { readImage } from '../src/read-image.js';
import { openRegistry, type Registry } from '../src/registry.js';
import { writeLayer } from '../src/write-layer.js';

const url = process.env.TEST_REGISTRY_URL;
const limits = { bytesMax: 64 * 1024 ** 2, entriesMax: 10_000 };

async function tarOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('the registry client', () => {
  let registry: Registry;
  const name = `test/${randomUUID()}`;
  beforeAll(() => {
    if (!url) throw new Error('TEST_REGISTRY_URL is not set');
    registry = openRegistry({ url, tokenUrl: process.env.TEST_REGISTRY_TOKEN_URL });
  });
  afterAll(() => registry.close());

  it('keeps an image and gives it back with its diff ids', async () => {
    const layer = await writeLayer([
      { path: 'app/hello', type: 'file', mode: 0o644, ...appUser, sizeBytes: 2, content: Buffer.from('hi') },
    ]);
    const config = { env: { A: 'b=c' }, labels: { 'berth.stack': 'x' }, user: '10001:10001', workingDir: '/app' };
    const pushed = await pushImage(registry, { repository: name, tag: 'one', layers: [{ layer }], config });
    expect(await readImage(registry, name, 'one')).toEqual(pushed);
    expect(await readImage(registry, name, pushed.digest)).toEqual(pushed);
    expect(await readImage(registry, name, 'two')).toBeUndefined();
    expect(await registry.listTags(name)).toEqual(['one']);
  });

  it('mounts a blob of another repository and says when it is not there', async () => {
    const layer = await writeLayer([
      { path: 'x', type: 'file', mode: 0o644, uid: 0, gid: 0, sizeBytes: 36, content: Buffer.from(randomUUID()) },
    ]);
    await registry.putBlob(name, layer);
    expect(await ensureBlob(registry, `${name}/b`, layer.digest, name)).toBe(true);
    expect(await registry.hasBlob(`${name}/b`, layer.digest)).toBe(true);
    const gone = { ...layer, digest: `sha256:${'0'.repeat(64)}` };
    await expect(
      pushImage(registry, {
        repository: `${name}/c`,
        tag: 'x',
        layers: [{ layer: gone, from: name }],
        config: { env: {}, labels: {} },
      }),
    ).rejects.toBeInstanceOf(MissingBlobError);
  });

  it('uploads a layer that does not fit in memory', async () => {
    const content = Buffer.alloc(40 * 1024 ** 2, 7);
    const tree = await normaliseTar(Readable.from([await tarOf({ 'a/big': content, b: 'x' })]), limits);
    const layer = await writeLayer(tree.toLayerEntries('app', appUser));
    expect(layer.data.kind).toBe('file');
    await registry.putBlob(name, layer);
    await layer.dispose();
    await tree.close();
    expect(await registry.hasBlob(name, layer.digest)).toBe(true);
  });

  it('keeps a source under its commit', async () => {
    const archive = gzipSync(await tarOf({ 'package.json': '{}' }));
    const repositoryId = randomUUID();
    const { digest } = await pushSource(registry, { repositoryId, commit: 'c'.repeat(40), archive });
    const tree = await fetchSource(registry, { repositoryId, digest }, limits);
    expect((await tree.read('package.json'))?.toString()).toBe('{}');
    await tree.close();
    expect(await registry.listTags(`source/${repositoryId}`)).toEqual(['c'.repeat(40)]);
  });

  it('gives a connection back when a source is refused half way: the next builds need it', async () => {
    const archive = gzipSync(await tarOf({ '.wh.first': '', large: randomBytes(4 * 1024 ** 2) }), { level: 0 });
    const repositoryId = randomUUID();
    const { digest } = await pushSource(registry, { repositoryId, commit: 'd'.repeat(40), archive });
    for (let tries = 0; tries < 20; tries += 1)
      await expect(fetchSource(registry, { repositoryId, digest }, limits)).rejects.toThrow('means a deletion');
    expect(await registry.listTags(`source/${repositoryId}`)).toEqual(['d'.repeat(40)]);
  });
});
