import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { readImage } from '@berth/images/read-image';
import { createApp } from '@berth/platform/apps/create-app';
import { setConfigVars } from '@berth/platform/config-vars/set-config-vars';
import { createTeam } from '@berth/platform/teams/create-team';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveOf, ended, examples, type Files, newApp, openWorld, push, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

type App = Awaited<ReturnType<typeof newApp>>;

async function built(app: App, example: string, changes: Files = {}) {
  const jailsBefore = world.seen.jails;
  const build = await ended(world, await push(world, app, await archiveOf(example, changes)));
  expect(build.status, build.output?.text).toBe('succeeded');
  const image = await readImage(world.registry, `app/${app.repositoryId}`, build.image!.digest);
  const ms = build.endedAt!.getTime() - build.startedAt!.getTime();
  return {
    digest: build.image!.digest,
    layers: image!.layers,
    output: build.output!.text,
    jails: world.seen.jails - jailsBefore,
    ms,
  };
}

/** Everything in the layers of an image above its runtime and what carries marks, as text. */
async function contentOf(app: App, { layers }: { layers: { digest: string }[] }): Promise<string> {
  const texts = layers.slice(3).map(async ({ digest }) => {
    const blob = await world.registry.getBlob(`app/${app.repositoryId}`, digest);
    return text(blob!.pipe(createGunzip()));
  });
  return (await Promise.all(texts)).join('\n');
}

/** A new team; each call makes an app of it. */
async function makeTeam() {
  const team = `team-${randomUUID().slice(0, 8)}`;
  await createTeam(world.platform, { actor: world.owner, name: team });
  return () => createApp(world.platform, { actor: world.owner, team });
}

describe('layers', { timeout: 240_000 }, () => {
  it('are the same for the same source, and only the code layer changes with the code; then no jail is started', async () => {
    const app = await newApp(world);
    const one = await built(app, 'node-web');
    const same = await built(app, 'node-web');
    const code = await built(app, 'node-web', { 'note.txt': 'new' });
    const manifest = JSON.parse(await readFile(join(examples, 'node-web/package.json'), 'utf8'));
    const version = await built(app, 'node-web', { 'package.json': JSON.stringify({ ...manifest, version: '9.9.9' }) });
    console.log(`builds: first ${one.ms} ms, unchanged ${same.ms} ms, code ${code.ms} ms, version ${version.ms} ms`);
    expect([one.jails, same.jails, code.jails, version.jails]).toEqual([0, 0, 0, 0]);
    expect(code.output).toContain('Dependencies: unchanged');
    expect(same.digest).toBe(one.digest);
    expect(code.layers.slice(0, 4)).toEqual(one.layers.slice(0, 4));
    expect(version.layers.slice(0, 4)).toEqual(one.layers.slice(0, 4));
    expect(code.layers[4]).not.toEqual(one.layers[4]);
  });

  it('of dependencies are shared in the team, and not with another', async () => {
    const [appOfOurs, appOfOthers] = [await makeTeam(), await makeTeam()];
    const first = await built(await appOfOurs(), 'node-yarn');
    const second = await built(await appOfOurs(), 'node-yarn');
    expect([first.jails, second.jails]).toEqual([1, 0]);
    const other = await built(await appOfOthers(), 'node-yarn');
    expect(other.jails).toBe(1);
  });

  it('of dependencies come from an install that sees neither the code nor the config vars', async () => {
    const app = await newApp(world);
    await setConfigVars(world.platform, {
      actor: world.owner,
      app: app.id,
      changes: { API_SECRET: 'never-in-an-install' },
    });
    const result = await built(app, 'node-pnpm', {
      '.pnpmfile.cjs': `console.log('sees', require('node:fs').readdirSync('.').sort().join(), process.env.API_SECRET);`,
    });
    expect(result.output).toContain('sees .pnpmfile.cjs,package.json,pnpm-lock.yaml undefined');
  });

  it('hold no config var, though the build script saw them all; the output does not show them', async () => {
    const app = await newApp(world);
    const secret = 'hunter2-and-some-more';
    await setConfigVars(world.platform, { actor: world.owner, app: app.id, changes: { API_SECRET: secret } });
    const result = await built(app, 'node-build', {
      'stamp.js': `import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('node_modules/.stamp', { recursive: true });
console.log('the secret is ' + process.env.API_SECRET);
writeFileSync('node_modules/.stamp/stamp.json', JSON.stringify({ length: process.env.API_SECRET.length }));`,
    });
    expect(result.output).toContain('the secret is [REDACTED]');
    expect(result.output).not.toContain(secret);
    const content = await contentOf(app, result);
    expect(content).toContain(`{"length":${secret.length}}`);
    expect(content).not.toContain(secret);
    expect(content).not.toContain('typescript/lib/tsc.js');
  });

  it('of dependencies are made anew when a config var changes that .npmrc names', async () => {
    const app = await newApp(world);
    await setConfigVars(world.platform, {
      actor: world.owner,
      app: app.id,
      changes: { API_SECRET: 'never-in-an-install', NPM_TOKEN: 'named-in-npmrc-1' },
    });
    const changes = { '.npmrc': `//registry.example/:_authToken=$${'{NPM_TOKEN}'}\n` };
    const one = await built(app, 'node-web', changes);
    const again = await built(app, 'node-web', changes);
    await setConfigVars(world.platform, {
      actor: world.owner,
      app: app.id,
      changes: { NPM_TOKEN: 'named-in-npmrc-2' },
    });
    const other = await built(app, 'node-web', changes);
    expect([one.jails, again.jails, other.jails]).toEqual([1, 0, 1]);
  });

  it('are made from the whole source when the root manifest has an install script', async () => {
    const app = await newApp(world);
    const changes = {
      'package.json': JSON.stringify({
        name: 'x',
        scripts: { postinstall: 'node generate.js', start: 'node server.js' },
        dependencies: { ms: '2.1.3' },
      }),
      'package-lock.json': undefined,
      'generate.js': `require('node:fs').writeFileSync('generated.txt', 'made by postinstall')`,
    };
    const result = await built(app, 'node-web', changes);
    expect(result.output).toContain('for this commit only: there is no lockfile');
    const content = await contentOf(app, result);
    expect(content).toContain('made by postinstall');
    expect(content).toContain('node_modules/ms/index.js');
  });

  it("of dependencies are the team's when no earlier build could have changed how they were installed, else the app's own", async () => {
    const newer = { '.npmrc': 'strict-peer-dependencies=false\n' }; // seen by the install: another key
    const [first, second, third] = [await newApp(world), await newApp(world), await newApp(world)];
    const one = await built(first, 'node-pnpm', newer);
    await built(second, 'node-pnpm');
    expect((await built(third, 'node-pnpm', newer)).layers).toEqual(one.layers);
    // Its cache disk is not new any more: what a build script left there is in reach of this install.
    const changed = { '.npmrc': 'strict-peer-dependencies=true\n' };
    const poisoned = await built(second, 'node-pnpm', changed);
    const same = await built(second, 'node-pnpm', { ...changed, 'note.txt': 'new' });
    const other = await built(await newApp(world), 'node-pnpm', changed);
    const sharing = await built(await newApp(world), 'node-pnpm', changed);
    const isInstalled = ({ output }: { output: string }) => !output.includes('Dependencies: unchanged');
    expect([poisoned, same, other, sharing].map(isInstalled)).toEqual([true, false, true, false]);
  });

  it('of dependencies cannot be changed for others by a hostile app of the team with the same lockfile', async () => {
    const manifest = JSON.parse(await readFile(join(examples, 'node-pnpm/package.json'), 'utf8'));
    const poison = `const fs = require('node:fs');
for (const file of fs.globSync('node_modules/**/ms/index.js', {})) fs.writeFileSync(file, 'module.exports = () => "written-by-the-hostile-app"');
fs.rmSync('/cache/pnpm', { recursive: true, force: true });`;
    const scripted = (scripts: object) => JSON.stringify({ ...manifest, scripts: { ...manifest.scripts, ...scripts } });
    // By a script of its own that the install runs, by its build, and by what its committed node_modules holds.
    const hostile = await newApp(world);
    await built(hostile, 'node-pnpm', {
      'poison.js': poison,
      'package.json': scripted({ postinstall: 'node poison.js' }),
    });
    await built(hostile, 'node-pnpm', { 'poison.js': poison, 'package.json': scripted({ build: 'node poison.js' }) });
    await built(hostile, 'node-pnpm', {
      'node_modules/ms/index.js': 'module.exports = () => "written-by-the-hostile-app"',
    });
    const app = await newApp(world);
    const content = await contentOf(app, await built(app, 'node-pnpm'));
    expect(content).toContain('node_modules/ms/index.js');
    expect(content).not.toContain('written-by-the-hostile-app');
  });
});
