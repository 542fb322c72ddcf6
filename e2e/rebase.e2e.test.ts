import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { askApi, askApp, openRepository, push } from './berth.js';
import { startRequests } from './kills/steady-requests.js';

const examples = fileURLToPath(new URL('../examples/', import.meta.url));

/** A patch of the line that an app without a wish is on; not the newest one. */
const older = '24.20.0';

interface Rebase {
  id: string;
  status: string;
  failure: { message: string } | null;
  apps: { app: { name: string }; status: string; message: string | null; release: { version: number } | null }[];
}

test('a rebase moves a runtime under a live app that answers all the while, and its records tell of it', async () => {
  const app = await askApi('POST', '/apps', { name: `rebase-${Date.now().toString(36)}` });
  const repository = await openRepository(join(examples, 'node-web'));
  const recordOf = (release: number, kind: string) => askApi('GET', `/apps/${app.name}/releases/${release}/${kind}`);
  try {
    const { code, output } = await push(repository.folder, app.name);
    expect(code, output).toBe(0);
    const first = await recordOf(1, 'sbom');
    expect(first).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(namesOf(first)).toEqual(expect.arrayContaining(['berth-13', 'node', 'libc6']));

    const wish = { apps: [app.name], runtime: `node@${older}` };
    const dry = await ended(await askApi('POST', '/rebases', { ...wish, dry_run: true }));
    expect(dry, dry.failure?.message).toMatchObject({
      status: 'succeeded',
      apps: [{ status: 'planned', release: null }],
    });

    const visitor = startRequests(app.web_url);
    const moved = await ended(await askApi('POST', '/rebases', wish));
    expect(moved, moved.failure?.message).toMatchObject({
      status: 'succeeded',
      apps: [{ status: 'succeeded', release: { version: 2 } }],
    });
    const back = await ended(await askApi('POST', '/rebases', { apps: [app.name] }));
    expect(back, back.failure?.message).toMatchObject({ status: 'succeeded', apps: [{ release: { version: 3 } }] });
    expect(await visitor.stop()).toEqual([]);
    expect((await askApp(app.web_url)).status).toBe(200);

    const sbom = await recordOf(2, 'sbom');
    expect(sbom.components).toContainEqual(expect.objectContaining({ name: 'node', version: older }));
    const { buildDefinition } = (await recordOf(2, 'provenance')).predicate;
    const head = (await repository.git('rev-parse', 'HEAD')).output.trim();
    expect(buildDefinition).toMatchObject({ buildType: 'urn:berth:rebase:1', externalParameters: { commit: head } });
    // Moved back, it is the very image that was built.
    const [built, , again] = (await askApi('GET', `/apps/${app.name}/releases`)).toSorted(
      (a: { version: number }, b: { version: number }) => a.version - b.version,
    );
    expect(again.slug.id).toBe(built.slug.id);
    expect(buildDefinition.externalParameters.rebasedFrom).toEqual([built.slug.id]);
    const runtimes: { name: string; versions: { current: boolean; apps: { name: string }[] }[] }[] = await askApi(
      'GET',
      '/runtimes',
    );
    const current = runtimes.find(({ name }) => name === 'node')?.versions.find((version) => version.current);
    expect(current?.apps).toContainEqual(expect.objectContaining({ name: app.name }));
  } finally {
    await repository.remove();
    await askApi('DELETE', `/apps/${app.name}`);
  }
});

const namesOf = (sbom: { components: { name: string }[] }) => sbom.components.map(({ name }) => name);

async function ended(rebase: Rebase): Promise<Rebase> {
  let seen = rebase;
  while (seen.status === 'pending' || seen.status === 'running') {
    await new Promise((done) => setTimeout(done, 200));
    seen = await askApi('GET', `/rebases/${rebase.id}`);
  }
  return seen;
}
