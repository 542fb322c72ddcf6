import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MiB, never, openTestEngine, type TestEngine } from '../../../packages/engine/test/open-engine.js';
import { pruneCache } from '../src/prune-cache.js';

describe("an app's package caches", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openTestEngine({ sparesMax: 0 });
  }, 120_000);
  afterAll(() => engine?.close(), 60_000);

  it('stay while there is room; then what was read longest ago goes, and of npm only files that no build read', async () => {
    const limits = { memoryBytes: 256 * MiB, cpuShares: 102, pidsMax: 64, diskBytes: 64 * MiB, cacheBytes: 64 * MiB };
    const { jailId } = await engine.build.openJail(engine.jail({ cacheKey: 'prune', limits }));
    const runQuietly = async (argv: readonly [string, ...string[]]) => {
      let text = '';
      const command = { argv, env: {}, cwd: '/cache' };
      const { exitCode } = await engine.build.exec(
        jailId,
        command,
        (chunk) => {
          text += chunk;
        },
        never,
      );
      if (exitCode !== 0) throw new Error(`${argv[0]} ended with ${exitCode}: ${text}`);
      return text;
    };
    const sh = (script: string) => runQuietly(['/bin/sh', '-ec', script]);
    const jail = { runQuietly: async (argv: readonly [string, ...string[]]) => void (await runQuietly(argv)) };
    const fill = (path: string, megabytes: number) =>
      `mkdir -p "$(dirname ${path})"; head -c ${megabytes}M /dev/urandom > ${path};`;
    const left = async () => (await sh('find . -type f | sort')).trim().split('\n');
    try {
      await sh(`${fill('npm/_cacache/content-v2/sha512/old', 8)} ${fill('npm/_cacache/content-v2/sha512/new', 8)}
        ${fill('gomod/pkg/mod.go', 10)} chmod 555 gomod/pkg
        touch -a -d '20 days ago' npm/_cacache/content-v2/sha512/old; touch -a -d '3 days ago' gomod/pkg/mod.go`);
      await pruneCache(jail);
      expect(await left()).toHaveLength(3);

      await sh(fill('home/.cache/pip/http-v2/a', 24));
      await pruneCache(jail);
      const without = ['./gomod/pkg/mod.go', './home/.cache/pip/http-v2/a', './npm/_cacache/content-v2/sha512/new'];
      expect(await left()).toEqual(without);

      await sh(fill('cargo/registry', 12));
      await pruneCache(jail);
      expect(await left()).toEqual(['./cargo/registry', ...without.slice(1)]);
    } finally {
      await engine.build.closeJail(jailId);
    }
  }, 60_000);
});
