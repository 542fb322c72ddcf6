import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessType } from '@berth/domain/process-type';
import { getConfigVars } from '@berth/platform/config-vars/get-config-vars';
import { setConfigVars } from '@berth/platform/config-vars/set-config-vars';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { archiveOf, ended, examples, newApp, openWorld, push, readExpect, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

const build = async (app: Awaited<ReturnType<typeof newApp>>, archive: Buffer) =>
  ended(world, await push(world, app, archive));

describe("an app's own files", { timeout: 240_000 }, () => {
  it('say how its image is built and run', async () => {
    const app = await newApp(world);
    const built = await build(app, await archiveOf('berth-yaml-full'));
    expect(built.status, built.output?.text).toBe('succeeded');
    const image = built.image!;
    expect(image.processTypes).toEqual([
      { name: 'web', command: 'node server.js', singleton: false },
      { name: 'worker', command: 'node worker.js', singleton: false, quantity: 1, size: 'standard-2x' },
      { name: 'importer', command: 'node worker.js importer', singleton: true },
      { name: 'release', command: 'node release.js', singleton: false },
    ]);
    expect(image).toMatchObject({
      healthcheck: { path: '/up', timeoutMs: 30_000, strict: true },
      agents: [{ name: 'metrics', command: 'node worker.js metrics', processes: ['web'] }],
      cron: [{ schedule: '0 3 * * MON-FRI', command: 'node worker.js nightly' }],
      postdeploy: null,
      needs: ['orders'],
      environments: {
        qa: { healthcheck: { timeoutMs: 90_000 } },
        project: { processes: { worker: { quantity: 0 } }, cron: [] },
      },
    });
    const command = (image.processTypes as ProcessType[])[0]!.command;
    const answer = await answerOf(world, { repository: `app/${app.repositoryId}`, digest: image.digest, command });
    expect(JSON.parse(answer)).toMatchObject({
      built: true,
      hello: '755',
      uploads: '750',
      settings: false,
      cacheInImage: false,
    });
    expect(built.output?.text).toContain('the first build of this app');
    expect(built.output?.text).not.toContain('there is no such environment');
    const misnamed = {
      'berth.yaml': (await readFile(join(examples, 'berth-yaml-full/berth.yaml'), 'utf8')).replace('  qa:', '  qua:'),
    };
    const again = await build(app, await archiveOf('berth-yaml-full', misnamed));
    expect(again.output?.text).toContain('the cache was kept');
    expect(again.output?.text).toContain(
      'Warning: berth.yaml says what differs in "qua", and there is no such environment. Did you mean "qa"?',
    );
  });

  it('set config vars before the first deploy, generated ones not shown by the build', async () => {
    const app = await newApp(world);
    const actor = world.owner;
    await setConfigVars(world.platform, { actor, app: app.id, changes: { GREETING: 'mine' } });
    const changes = {
      'package.json': JSON.stringify({ scripts: { build: 'echo secret is $SESSION_SECRET, greeting is $GREETING' } }),
    };
    const built = await build(app, await archiveOf('app-json', changes));
    expect(built.status, built.output?.text).toBe('succeeded');
    const vars = await getConfigVars(world.platform, { actor, app: app.id });
    expect(vars).toEqual({ GREETING: 'mine', SESSION_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(built.output?.text).not.toContain(vars.SESSION_SECRET);
    expect(built.output?.text).toContain('secret is [REDACTED]');
    expect(built.output?.text).toContain('Warning: app.json: "addons" is not supported and is ignored.');
    expect(built.image).toMatchObject({ postdeploy: 'node seed.js' });
    expect(built.image!.processTypes).toMatchObject([
      { name: 'web', quantity: 1, size: 'standard-2x' },
      { name: 'worker', quantity: 1 },
    ]);
  });

  it('name a buildpack that is fetched, and its commit is kept for the provenance record', async () => {
    const app = await newApp(world);
    // A jail reaches no server of ours: the first buildpack makes the repository, and git is told where the address is.
    const makeRepository = `#!/usr/bin/env bash
set -eu
cp -R "$1/buildpack" /workspace/fetched
cd /workspace/fetched
git init --quiet
git add .
git -c user.name=T -c user.email=t@example.com commit --quiet --message pack
echo "made $(git rev-parse HEAD)"
`;
    const changes = {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'url./workspace/fetched.insteadOf',
      GIT_CONFIG_VALUE_0: 'https://me:secret@packs.example/pack',
    };
    await setConfigVars(world.platform, { actor: world.owner, app: app.id, changes });
    const packs = ['./maker', 'https://me:secret@packs.example/pack'];
    const files = {
      'berth.yaml': `buildpacks:\n${packs.map((one) => `  - ${one}\n`).join('')}`,
      'maker/bin/detect': '#!/usr/bin/env bash\necho Maker\n',
      'maker/bin/compile': makeRepository,
    };
    const built = await build(app, await archiveOf('buildpack-classic', files));
    expect(built.status, built.output?.text).toBe('succeeded');
    const commit = built.output?.text.match(/made ([0-9a-f]{40})/)?.[1];
    expect(built.image!.inputs).toMatchObject({
      fetchedBuildpacks: [{ source: 'https://packs.example/pack', digest: { gitCommit: commit } }],
    });
  });

  it.each(['app-json-required', 'berth-yaml-conflict', 'berth-yaml-unknown-key'])(
    'refuse %s with one plain sentence, before any jail',
    async (example) => {
      const jails = world.seen.jails;
      const refused = await build(await newApp(world), await archiveOf(example));
      const { message } = await readExpect(example);
      expect(refused).toMatchObject({ status: 'failed', errorMessage: message });
      expect(world.seen.jails).toBe(jails);
    },
  );
});
