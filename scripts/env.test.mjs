import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';

const run = promisify(execFile);
/** @type {string | undefined} */
let home;
afterEach(async () => {
  if (home) await rm(home, { recursive: true, force: true });
});

/**
 * What a shell prints that took the lines and then runs the script, in a folder that is not Berth's.
 * @param {string} apiUrl
 * @param {string} script
 */
async function inShell(apiUrl, script) {
  home = await mkdtemp(join(tmpdir(), "berth it's "));
  await writeFile(join(home, 'credentials.json'), JSON.stringify({ apiUrl, token: 'berth_secret' }));
  const argv = [fileURLToPath(new URL('env.mjs', import.meta.url))];
  const lines = (await run(process.execPath, argv, { env: { PATH: process.env.PATH, BERTH_HOME: home } })).stdout;
  return (await run('sh', ['-c', `${lines}\n${script}`], { cwd: home, env: { PATH: process.env.PATH } })).stdout;
}

const fakeCurl = `curl() { for one in "$@"; do echo "$one"; done; cat <&3; }`;

test.each(['http://localhost:5000', 'https://paas.example.com'])(
  'api calls %s, its token in no argument',
  async (url) => {
    const printed = await inShell(url, `${fakeCurl}\napi '/apps/a b?x=1' -X PATCH -d '{ "a": "b c" }'`);
    expect(printed).toContain(
      `-X\nPATCH\n-d\n{ "a": "b c" }\n${url}/apps/a b?x=1\nAuthorization: Bearer berth_secret\n`,
    );
    expect(printed).toContain(`--cacert\n${home}/tls/bundle.crt\n`);
  },
);

test('berth runs from any folder, and leaves no BERTH_ setting behind', async () => {
  const printed = await inShell('http://localhost:5000', `berth --version; echo "left: $(env | grep ^BERTH_)"`);
  expect(printed).toContain('@berth/app-cli/');
  expect(printed).toContain('left: \n');
}, 30_000);
