import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, askApp, commit, push, runGit } from './berth.js';
import { type HerokuCli, openHerokuCli } from './heroku-cli.js';
import { createService, deleteService, remoteOf } from './service.js';

// Heroku's review apps by its own CLI: made from a branch, made by a push, and gone with it.

const service = `rev-${Date.now().toString(36)}`;
let heroku: HerokuCli;
let source: string;
beforeAll(async () => {
  heroku = await openHerokuCli();
  source = join(heroku.home, 'source');
  await mkdir(source);
  await writeFile(join(source, 'Procfile'), 'web: node server.js\n');
  await writeFile(join(source, 'package.json'), '{ "name": "review", "version": "1.0.0", "private": true }\n');
  await runGit(source, ['init', '--quiet', '--initial-branch=main']);
  await write('main');
  await createService(service);
  const { code, output } = await push(source, `default/${service}`);
  if (code !== 0) throw new Error(output);
}, 300_000);
afterAll(async () => {
  for (const branch of ['red', 'blue']) await askApi('DELETE', `/environments/${service}-${branch}`).catch(() => {});
  await deleteService(service);
  await heroku?.remove();
});

async function write(word: string): Promise<void> {
  const server = `require('node:http').createServer((_, response) => response.end('${word}')).listen(process.env.PORT);`;
  await writeFile(join(source, 'server.js'), server);
  await commit(source, word);
}
async function pushBranch(branch: string): Promise<string> {
  await runGit(source, ['checkout', '--quiet', '-B', branch, 'main']);
  await write(branch);
  return (await runGit(source, ['push', '--force', remoteOf(service), branch])).output;
}
const appOf = (branch: string) => `${service}--${service}-${branch}`;
const bodyOf = async (branch: string) => (await askApp((await askApi('GET', `/apps/${appOf(branch)}`)).web_url)).body;
const said = ({ stderr }: { stderr: string }) => stderr.replaceAll(/[›\s]+/g, ' ');

test('reviewapps:create makes one from a branch, and wait tells when it is there', async () => {
  await askApi('DELETE', `/environments/${service}-red`).catch(() => {}); // of a try before
  expect(await pushBranch('red')).toContain('is stored, not built');
  await heroku.run('reviewapps:enable', '--pipeline', service);
  const unknown = await heroku.fail('reviewapps:create', '--pipeline', service, '--branch', 'nowhere');
  expect(said(unknown)).toContain("doesn't exist");
  const made = await heroku.run('reviewapps:create', '--pipeline', service, '--branch', 'red', '--wait-interval', '1');
  expect(made.stdout).toContain(`heroku reviewapps:wait ${appOf('red')}`);
  await heroku.run('reviewapps:wait', appOf('red'), '--wait-interval', '1');
  expect(await bodyOf('red')).toBe('red');
  expect((await heroku.run('pipelines:info', service)).stdout).toMatch(new RegExp(`${appOf('red')}\\s+review`));
}, 300_000);

test('with --autodeploy each pushed branch makes one, and its deletion takes it along', async () => {
  await heroku.run('reviewapps:enable', '--pipeline', service, '--autodeploy', '--autodestroy');
  expect(await askApi('GET', `/pipelines/${service}/review-app-config`)).toMatchObject({
    ...{ automatic_review_apps: true, stale_days: 5 },
  });
  expect(await pushBranch('blue')).toContain(`in environment ${service}-blue`);
  expect(await bodyOf('blue')).toBe('blue');
  const { output } = await runGit(source, ['push', remoteOf(service), ':blue']);
  expect(output).toContain(`Environment ${service}-blue no longer has blue`);
}, 300_000);

test('what Berth has not is one sentence, and reviewapps:disable ends it', async () => {
  await heroku.run('reviewapps:enable', '--pipeline', service);
  const refused = await heroku.fail('reviewapps:enable', '--pipeline', service, '--wait-for-ci');
  expect(said(refused)).toContain('Berth runs no CI that a review app could wait for.');
  await heroku.run('reviewapps:disable', '--pipeline', service, '--no-autodeploy');
  await heroku.run('reviewapps:disable', '--pipeline', service);
  const off = await heroku.fail('reviewapps:create', '--pipeline', service, '--branch', 'red');
  expect(said(off)).toContain('are not enabled');
}, 120_000);
