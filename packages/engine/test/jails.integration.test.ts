import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { run } from '@berth/daemon/spawn';
import { TransientError } from '@berth/domain/errors';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../daemon/test/until.js';
import { removeOldCaches } from '../src/docker/kept-disks.js';
import { labelFilter } from '../src/docker/labels.js';
import { buildCpuFiles } from '../src/host-facts.js';
import { MiB, never, openTestEngine, type TestEngine } from './open-engine.js';

describe('jails', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openTestEngine();
  });
  afterAll(() => engine.close());

  const exec = async (jailId: string, script: string, signal = never) => {
    let output = '';
    const command = { argv: ['/bin/sh', '-c', script] as [string, ...string[]], env: {}, cwd: '/workspace' };
    const result = await engine.build.exec(
      jailId,
      command,
      (chunk) => {
        output += chunk;
      },
      signal,
    );
    return { ...result, output };
  };
  const inJail = async <T>(body: (jailId: string) => Promise<T>, more = {}): Promise<T> => {
    const { jailId } = await engine.build.openJail(engine.jail(more));
    try {
      return await body(jailId);
    } finally {
      await engine.build.closeJail(jailId);
    }
  };

  it('have no rights and write only where they may', async () => {
    await inJail(async (jailId) => {
      const { output } = await exec(jailId, 'id -u; grep -E "Cap(Eff|Bnd)|NoNewPrivs|Seccomp:" /proc/self/status');
      expect(output).toMatch(/^10001\n/);
      expect(output).toMatch(/CapEff:\s+0{16}\nCapBnd:\s+0{16}/);
      expect(output).toMatch(/NoNewPrivs:\s+1/);
      expect(output).toMatch(/Seccomp:\s+2/);
      for (const path of ['/workspace/x', '/cache/x', '/tmp/x', '/cache/home/x'])
        expect((await exec(jailId, `echo 1 > ${path} && chmod +x ${path}`)).exitCode, path).toBe(0);
      for (const path of ['/x', '/etc/x', '/usr/bin/x', '/opt/x', '/etc/passwd', '/proc/sys/kernel/hostname'])
        expect((await exec(jailId, `echo 1 > ${path}`)).exitCode, path).not.toBe(0);
      expect((await exec(jailId, 'printf "#!/bin/sh\necho ran" > /tmp/run; chmod +x /tmp/run; /tmp/run')).output).toBe(
        'ran\n',
      );
      expect((await exec(jailId, 'ls -A /workspace /var/run/docker.sock')).output).not.toContain('lost+found');
    });
  });

  it('end a command that needs more memory than allowed, and say so with its peak', async () => {
    await inJail(async (jailId) => {
      const ok = await exec(jailId, 'exit 7');
      expect(ok).toMatchObject({ exitCode: 7, isOutOfMemory: false });
      const killed = await exec(jailId, `perl -e '$x = "a" x (400 * 1024 * 1024)'`);
      expect(killed).toMatchObject({ exitCode: 137, isOutOfMemory: true });
      expect(killed.peakMemoryBytes).toBeGreaterThan(250 * MiB);
      expect(killed.peakMemoryBytes).toBeLessThanOrEqual(256 * MiB);
      const childKilled = await exec(jailId, `perl -e '$x = "a" x (400 * 1024 * 1024)'; exit 9`);
      expect(childKilled).toMatchObject({ exitCode: 9, isOutOfMemory: true });
      expect(await exec(jailId, 'true')).toMatchObject({ exitCode: 0, isOutOfMemory: false });
    });
  });

  it('hold a fork bomb to the number of processes allowed', async () => {
    await inJail(async (jailId) => {
      const script = 'i=0; while [ $i -lt 400 ]; do sleep 3 & i=$((i+1)); done 2>/dev/null; ls -d /proc/[0-9]* | wc -l';
      const { output, exitCode } = await exec(jailId, `(${script}) 2>/dev/null; true`);
      expect(exitCode === 0 || Number(output) <= 256).toBe(true);
      const info = await engine.docker.listContainers({ filters: labelFilter(engine.host, 'jail') });
      const pids = await engine.docker.getContainer(info[0]!.Id).top();
      expect(pids.Processes.length).toBeLessThanOrEqual(256);
    });
  });

  it('keep a full disk to themselves and tell of it, also when the build cleaned up behind itself', async () => {
    await inJail(async (jailId) => {
      expect(await exec(jailId, 'dd if=/dev/zero of=small bs=1M count=8 2>&1')).toMatchObject({ isDiskFull: false });
      const full = await exec(jailId, 'dd if=/dev/zero of=big bs=1M count=500 2>&1');
      expect(full.output).toContain('No space left on device');
      expect(full).toMatchObject({ exitCode: 1, isDiskFull: true });
      expect(await exec(jailId, 'rm big; false')).toMatchObject({ exitCode: 1, isDiskFull: false });
    });
    await inJail(async (jailId) => {
      const cleaned = await exec(jailId, 'dd if=/dev/zero of=big bs=1M count=500 2>/dev/null; sleep 3; rm big; exit 1');
      expect(cleaned).toMatchObject({ exitCode: 1, isDiskFull: true });
    });
    await inJail(async (jailId) => {
      const files = await exec(
        jailId,
        'i=0; while [ $i -lt 20000 ] && : > f$i; do i=$((i+1)); done 2>/dev/null; [ $i -eq 20000 ]',
      );
      expect(files).toMatchObject({ isDiskFull: true });
      expect(files.exitCode).not.toBe(0);
    });
  });

  it('are killed on cancel with every process, whatever it ignores, within 2 s', async () => {
    const marker = `berth-deaf-${randomBytes(4).toString('hex')}`;
    const { jailId } = await engine.build.openJail(engine.jail());
    const deaf = `trap "" TERM INT HUP; exec -a ${marker} sleep 1000`;
    const script = `for i in $(seq 100); do setsid bash -c '${deaf}' & done; sleep 0.5; echo started; sleep 1000`;
    const alive = async () => {
      const { stdout } = await run(['ps', '-eo', 'args'], {});
      return stdout
        .toString()
        .split('\n')
        .filter((line) => line.startsWith(marker)).length;
    };
    const cancel = new AbortController();
    let start = 0;
    const command = { argv: ['bash', '-c', script] as [string, ...string[]], env: {}, cwd: '/workspace' };
    const running = engine.build.exec(
      jailId,
      command,
      async () => {
        expect(await alive()).toBe(100);
        start = Date.now();
        cancel.abort(new Error('cancelled'));
      },
      cancel.signal,
    );
    await expect(running).rejects.toThrow('cancelled');
    await until('all are gone', async () => (await alive()) === 0);
    expect(Date.now() - start).toBeLessThan(10_000); // 2 s where nothing else runs
    await expect(exec(jailId, 'true')).rejects.toThrow(TransientError);
    await engine.build.closeJail(jailId);
  });

  it('hold a command back that prints faster than it is read', async () => {
    await inJail(async (jailId) => {
      let bytes = 0;
      const command = {
        argv: ['sh', '-c', 'yes | head -c 50000000; date +%s%N > /workspace/end'] as [string, ...string[]],
        env: {},
        cwd: '/',
      };
      let readAt = 0;
      await engine.build.exec(
        jailId,
        command,
        async (chunk) => {
          if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 1_500));
          readAt ||= Date.now();
          bytes += chunk.length;
        },
        never,
      );
      expect(bytes).toBe(50_000_000);
      expect(Number((await exec(jailId, 'cat end')).output) / 1e6).toBeGreaterThan(readAt);
    });
  });

  it('take a tar and give one', async () => {
    await inJail(async (jailId) => {
      const tar = pack();
      tar.entry({ name: 'src/run.sh', mode: 0o755 }, '#!/bin/sh\necho hello\n');
      tar.entry({ name: 'big', size: 3 * MiB }, Buffer.alloc(3 * MiB, 'x'));
      tar.finalize();
      await engine.build.putArchive(jailId, '/workspace/app', tar as unknown as Readable);
      expect((await exec(jailId, './app/src/run.sh')).output).toBe('hello\n');
      const names: Record<string, number> = {};
      const archive = await engine.build.getArchive(jailId, '/workspace/app');
      for await (const entry of archive.pipe(extract())) {
        names[entry.header.name] = entry.header.size ?? 0;
        entry.resume();
      }
      expect(names).toEqual({ './': 0, './big': 3 * MiB, './src/': 0, './src/run.sh': 21 });
      const missing = await engine.build.getArchive(jailId, '/workspace/none');
      await expect(missing.toArray()).rejects.toThrow('tar ended with');
      const unprepared = await engine.build.getArchive(jailId, '/workspace/app', ['false']);
      await expect(unprepared.toArray()).rejects.toThrow('tar ended with');
    });
  });

  it('keep a cache from build to build, for one build at a time', async () => {
    const cacheKey = 'repository-1';
    await inJail((jailId) => exec(jailId, 'echo kept > /cache/file; echo lost > /workspace/file'), { cacheKey });
    await inJail(
      async (jailId) => {
        expect((await exec(jailId, 'cat /cache/file; ls /workspace')).output).toBe('kept\n');
        await expect(engine.build.openJail(engine.jail({ cacheKey }))).rejects.toThrow(TransientError);
        await inJail(async (other) => expect((await exec(other, 'ls /cache')).output).toBe('home\n'), {
          cacheKey: 'repository-2',
        });
      },
      { cacheKey },
    );
  });

  it('lose a cache that nobody has used for two weeks, and none that is in use', async () => {
    const { disksDirectory } = engine.settings;
    await inJail(() => Promise.resolve(), { cacheKey: 'old' });
    const { jailId } = await engine.build.openJail(engine.jail({ cacheKey: 'used' }));
    const before = await readdir(join(disksDirectory, 'caches'));
    await removeOldCaches(disksDirectory, Date.now() + 15 * 24 * 3600 * 1000);
    const after = await readdir(join(disksDirectory, 'caches'));
    expect(before.length).toBeGreaterThan(after.length);
    expect((await exec(jailId, 'echo 1 > /cache/file && cat /cache/file')).output).toBe('1\n');
    await engine.build.closeJail(jailId);
  });

  it('are there within 150 ms when one was prepared', async () => {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const spec = engine.jail({ cacheKey: 'prepared' });
      await engine.build.prepareJail(spec);
      const start = performance.now();
      const { jailId } = await engine.build.openJail(spec);
      times.push(performance.now() - start);
      expect((await exec(jailId, 'echo 1')).output).toBe('1\n');
      await engine.build.closeJail(jailId);
    }
    expect(times.toSorted((a, b) => a - b)[1]).toBeLessThan(150);
  });

  it('that were prepared for no app become the first of one, with a cache that is kept', async () => {
    const { image, limits } = engine.jail();
    await engine.build.prepareJail({ image, limits });
    const containers = async () =>
      (await engine.docker.listContainers({ filters: labelFilter(engine.host, 'jail') })).map(({ Id }) => Id);
    const before = await containers();
    const first = await engine.build.openJail(engine.jail({ cacheKey: 'first' }));
    expect(await containers()).toEqual(before);
    expect(first.isCacheNew).toBe(true);
    expect((await exec(first.jailId, 'ls /cache; echo kept > /cache/file')).output).toBe('home\n');
    await engine.build.closeJail(first.jailId);
    const second = await engine.build.openJail(engine.jail({ cacheKey: 'first' }));
    expect(second.isCacheNew).toBe(false);
    expect((await exec(second.jailId, 'cat /cache/file')).output).toBe('kept\n');
    await engine.build.closeJail(second.jailId);
  });

  it('run in the CPU time that nothing else wants', async () => {
    const yielding = await openTestEngine({ buildsYield: true });
    try {
      await yielding.build.openJail(yielding.jail());
      const { facts, names, settings } = yielding.host;
      const path = join(settings.cgroupRoot, buildCpuFiles(facts, names).idle);
      expect((await readFile(path, 'utf8')).trim()).toBe('1');
    } finally {
      await yielding.close();
    }
  });

  it('of an earlier try of the same build are closed by the next', async () => {
    const spec = engine.jail({ cacheKey: 'again' });
    const first = await engine.build.openJail(spec);
    const second = await engine.build.openJail(spec);
    expect(await engine.build.listJails()).toEqual([{ jailId: second.jailId, buildId: spec.buildId }]);
    await expect(exec(first.jailId, 'true')).rejects.toThrow(TransientError);
    await engine.build.closeJail(second.jailId);
    await engine.build.closeJail(second.jailId);
  });

  it('leave nothing', async () => {
    await engine.stop();
    const { docker, host, settings } = engine;
    expect(await docker.listContainers({ all: true, filters: labelFilter(host, 'jail') })).toEqual([]);
    expect(await docker.listNetworks({ filters: labelFilter(host, 'build-network') })).toEqual([]);
    expect((await docker.listVolumes({ filters: labelFilter(host, 'disk') })).Volumes ?? []).toEqual([]);
    expect(await readdir(join(settings.disksDirectory, 'jails'))).toEqual([]);
    expect((await run(['losetup', '-a'])).stdout.toString()).not.toContain(settings.disksDirectory);
  });
});
