import { readFileSync, statfsSync, statSync } from 'node:fs';
import { arch, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './settings.mjs';

const roomNeeded = 6e9;

/**
 * Says at once what would only fail later: the wrong kind of machine, no room, a Node that is too old.
 * @type {import('./run-steps.mjs').Step}
 */
export const checkHost = {
  name: 'this host',
  run: async ({ settings, found, log }) => {
    if (platform() !== 'linux' || arch() !== 'x64')
      throw new Failure(
        `Berth runs on Linux on x86-64; this is ${platform()} on ${arch()}.`,
        'Use a Linux machine or VM.',
      );
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major < 20 || (major === 20 && minor < 19))
      throw new Failure(`Node.js ${process.versions.node} is too old.`, 'Install Node.js 20.19 or newer.');
    const system = readSystem();
    found.system = system;
    found.isRoot = process.getuid?.() === 0;
    const { bavail, bsize } = statfsSync(root);
    if (bavail * bsize < roomNeeded)
      throw new Failure(
        `Only ${((bavail * bsize) / 1e9).toFixed(1)} GB are free at ${root}.`,
        'Berth needs 6 GB to start with.',
      );
    if (totalmem() < 1.8e9)
      log(`Only ${(totalmem() / 1e9).toFixed(1)} GB of memory: builds of bigger apps will be killed.`);
    checkReadable();
    return `${system.name}, ${found.isRoot ? 'root' : 'not root'}, instance ${settings.instance}`;
  },
};

/** @returns {{ isDebian: boolean, release: number, name: string }} */
function readSystem() {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    const value = (/** @type {string} */ key) => new RegExp(`^${key}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? '';
    return {
      isDebian: value('ID') === 'debian',
      release: Number.parseInt(value('VERSION_ID'), 10),
      name: value('PRETTY_NAME') || value('ID'),
    };
  } catch {
    return { isDebian: false, release: 0, name: 'unknown system' };
  }
}

/** Our processes read the checkout as another user (10001). */
function checkReadable() {
  const isOpen = (statSync(root).mode & 0o005) === 0o005 && (statSync(join(root, 'package.json')).mode & 0o004) !== 0;
  if (!isOpen)
    throw new Failure(
      `${root} is not readable for other users: our processes run as user 10001.`,
      `Open it for reading: chmod -R a+rX ${root}`,
    );
}
