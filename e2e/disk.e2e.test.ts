import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApi, askApp, openRepository, push } from './berth.js';
import { eventually } from './eventually.js';
import { age } from './kills/age.js';
import { closeDatabase } from './kills/inside.js';

const pushes = 4;
const kept = 2;

interface Release {
  version: number;
  collected: boolean;
  slug: unknown;
}

interface Collection {
  id: string;
  status: string;
  freed_bytes: number;
  window_ms: number | null;
  ended_at: string | null;
  items: { app: string | null }[];
}

// What the disk promises: it is told what fills it, a clean frees what no kept release needs, and everything that is kept works.
describe('the disk of an app that is pushed again and again', () => {
  const name = `disk-${Date.now().toString(36)}`;
  let app: { web_url: string; team: { name: string } | null };
  let repository: Awaited<ReturnType<typeof openRepository>>;
  beforeAll(async () => {
    app = await askApi('POST', '/apps', { name });
    repository = await openRepository('examples/node-web');
    const environment = '/teams/default/environments/production/retention';
    await askApi('PATCH', environment, { kept_releases: kept });
    for (let n = 1; n <= pushes; n += 1) {
      await writeFile(join(repository.folder, 'server.js'), serverOf(n));
      await repository.git('add', '--all');
      await repository.git('commit', '--quiet', `--message=push ${n}`);
      const { code, output } = await push(repository.folder, name);
      if (code !== 0) throw new Error(output);
    }
    await age(name);
  });
  afterAll(async () => {
    await askApi('PATCH', '/teams/default/environments/production/retention', { kept_releases: null });
    await askApi('DELETE', `/apps/${name}`).catch(() => {});
    await repository?.remove();
    await closeDatabase();
  });

  const clean = async (dryRun: boolean): Promise<Collection> => {
    let run: Collection = await askApi('POST', '/disk/clean', { dry_run: dryRun });
    while (run.ended_at === null) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      run = await askApi('GET', `/disk/collections/${run.id}`);
    }
    return run;
  };
  /** By all tries. */
  let freedBytes = 0;
  /** Those that have run, the oldest first. */
  const liveReleases = async () => {
    const releases: Release[] = await askApi('GET', `/apps/${name}/releases`);
    return releases.filter(({ slug }) => slug).toSorted((a, b) => a.version - b.version);
  };
  const entriesOf = async () => {
    const { entries } = await askApi('GET', '/disk');
    return (entries as { app: string | null; kind: string; over: boolean }[]).filter((entry) => entry.app === name);
  };

  it('is told, image by image, with what a clean would free', async () => {
    const keptImages = async () => (await entriesOf()).filter(({ kind, over }) => kind === 'image' && !over).length;
    await expect.poll(keptImages, { timeout: 30_000, interval: 1_000 }).toBeGreaterThanOrEqual(kept); // a ledger of 15 s ago is shown
    const { items, window_ms: windowMs } = await clean(true);
    expect(items.some((item) => item.app === name)).toBe(true);
    expect(windowMs).toBeNull();
  });

  it('is freed; the app answers on, and of a release that is gone it is said so', async () => {
    const done = await clean(false);
    expect(done.status).toBe('succeeded');
    freedBytes += done.freed_bytes;
    expect(freedBytes).toBeGreaterThan(0);
    expect((await entriesOf()).some(({ over }) => over)).toBe(false);
    expect((await askApp(app.web_url)).body).toContain(`push ${pushes}`);

    const live = await liveReleases();
    expect(live.map(({ collected }) => collected)).toEqual([true, true, false, false]);
    await expect(askApi('POST', `/apps/${name}/releases`, { release: live[0]!.version })).rejects.toThrow(
      `Cannot roll back to v${live[0]!.version}: its image is gone (those of the newest ${kept} releases are kept).`,
    );
  });

  it('leaves kept releases, which come back', async () => {
    const [, , older] = await liveReleases();
    await askApi('POST', `/apps/${name}/releases`, { release: older!.version });
    await eventually(async () => (await askApp(app.web_url)).body, `push ${pushes - 1}`);
  });

  it('takes a new push after the clean', async () => {
    const { code, output } = await push(repository.folder, name, '--force');
    expect(output).not.toContain('rejected');
    expect(code).toBe(0);
  });
});

const serverOf = (n: number) => `
import { createServer } from 'node:http';
createServer((_, response) => response.end('push ${n}')).listen(process.env.PORT);
`;
