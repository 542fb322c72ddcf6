import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelFilter } from '../src/docker/labels.js';
import { openTestEngine, type TestEngine } from './open-engine.js';

describe('jails that were prepared', () => {
  let engine: TestEngine;
  beforeEach(async () => {
    engine = await openTestEngine();
  });
  afterEach(() => engine.close());

  const containers = async () => {
    const found = await engine.docker.listContainers({ all: true, filters: labelFilter(engine.host, 'jail') });
    return found.map(({ Id }) => Id).sort();
  };

  it('for no app take the place of none that waits for one', async () => {
    const { image, limits } = engine.jail();
    const [one, two] = [engine.jail({ cacheKey: 'one' }), engine.jail({ cacheKey: 'two' })];
    for (const shape of [one, two, { image, limits }]) await engine.build.prepareJail(shape); // two of a kind at most
    const before = await containers();
    expect(before).toHaveLength(3);
    for (const spec of [one, two]) await engine.build.openJail(spec);
    expect(await containers()).toEqual(before);
  });

  it('are removed when their cache cannot become that of an app', async () => {
    const { image, limits } = engine.jail();
    await engine.build.prepareJail({ image, limits });
    expect(await containers()).toHaveLength(1);
    const caches = join(engine.settings.disksDirectory, 'caches');
    await rm(caches, { recursive: true, force: true });
    await writeFile(caches, 'no folder');
    await expect(engine.build.openJail(engine.jail({ cacheKey: 'first' }))).rejects.toThrow();
    expect(await containers()).toEqual([]);
    await rm(caches);
    await mkdir(caches);
    await engine.build.openJail(engine.jail({ cacheKey: 'first' }));
    expect(await containers()).toHaveLength(1);
  });
});
