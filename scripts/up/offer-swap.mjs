import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { stateDirectory } from './remove-everything.mjs';

const zswap = '/sys/module/zswap/parameters/enabled';

/**
 * Apps that sleep give their memory back into the host's swap. What the host has is used as it is; with BERTH_SWAP=8G (MiB with M)
 * a swap file of that size is made, with compressed memory in front of it (zswap), and goes again with `npm run reset`.
 * @type {import('./run-steps.mjs').Step}
 */
export const offerSwap = {
  name: 'swap for apps that sleep',
  mend: 'Leave BERTH_SWAP out: apps that sleep keep their memory then, until they are stopped.',
  run: async ({ settings }) => {
    const wanted = settings.more.BERTH_SWAP;
    const file = swapFile(settings.instance);
    if (wanted && !isOn(file)) await makeSwap(file, wanted);
    const { bytes } = readSwap();
    if (bytes === 0) return 'none: sleeping apps keep their memory. BERTH_SWAP=8G npm start makes a swap file';
    const compressed =
      existsSync(zswap) && readFileSync(zswap, 'utf8').trim() === 'Y' ? ', compressed first (zswap)' : '';
    return `${(bytes / 2 ** 30).toFixed(1)} GiB${compressed}`;
  },
};

/** @param {string} instance */
const swapFile = (instance) => join(stateDirectory(instance), 'swapfile');

/** Lines of proc(5) swaps: file, type, size in KiB, … */
const swapLines = () => readProc('/proc/swaps').trim().split('\n').slice(1);

/** Kernels that were built without swap have no such file. @param {string} file */
const readProc = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const readSwap = () => ({ bytes: swapLines().reduce((sum, line) => sum + 1024 * Number(line.split(/\s+/)[2]), 0) });

/** @param {string} file */
const isOn = (file) => swapLines().some((line) => line.startsWith(`${file} `) || line.startsWith(`${file}\t`));

/**
 * @param {string} file
 * @param {string} size
 */
async function makeSwap(file, size) {
  if (!/^[1-9]\d*[MG]$/.test(size)) throw new Failure(`BERTH_SWAP=${size} is not a size.`, 'Such as 8G or 512M.');
  if (process.getuid?.() !== 0)
    throw new Failure(
      'A swap file needs root.',
      `As root: fallocate -l ${size} ${file} && chmod 600 ${file} && mkswap ${file} && swapon ${file}; then npm start without BERTH_SWAP.`,
    );
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) {
    try {
      await run(['fallocate', '-l', size, file]);
      await run(['chmod', '600', file]);
      await run(['mkswap', file]);
    } catch (error) {
      rmSync(file, { force: true }); // the next try would take it for a swap file
      throw error;
    }
  }
  // Before it fills: what is pushed out then stays in memory, compressed, as long as there is room.
  if (existsSync(zswap)) writeFileSync(zswap, 'Y');
  await run(['swapon', file]);
}

/** Of `npm run reset`: what BERTH_SWAP made. @param {string} instance */
export async function removeSwap(instance) {
  const file = swapFile(instance);
  if (isOn(file)) await run(['swapoff', file]);
  rmSync(file, { force: true });
}
