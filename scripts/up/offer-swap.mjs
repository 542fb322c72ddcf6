import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { stateDirectory } from './remove-everything.mjs';

/** Compressed memory in front of the swap: kernel parameters, and what they are set to. */
const zswap = '/sys/module/zswap/parameters';
const zswapWanted = { enabled: 'Y', max_pool_percent: '40' };

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
    const compressed = readParameters().enabled === 'Y' ? ', compressed first (zswap)' : '';
    return `${(bytes / 2 ** 30).toFixed(1)} GiB${compressed}`;
  },
};

/** @param {string} instance */
const swapFile = (instance) => join(stateDirectory(instance), 'swapfile');

/** Kernels that were built without swap have no such file. @param {string} file */
const readProc = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const readSwap = () => ({ bytes: parseSwaps(readProc('/proc/swaps')).reduce((sum, { bytes }) => sum + bytes, 0) });

/** @param {string} file */
const isOn = (file) => parseSwaps(readProc('/proc/swaps')).some((swap) => swap.file === file);

/** Lines of proc(5) swaps: file, type, size in KiB, … @param {string} text */
export function parseSwaps(text) {
  const lines = text.trim().split('\n').slice(1);
  return lines.map((line) => {
    const [file = '', , kib] = line.split(/\s+/);
    return { file, bytes: 1024 * Number(kib) };
  });
}

/**
 * @param {string} file
 * @param {string} size
 */
async function makeSwap(file, size) {
  checkSize(size);
  if (process.getuid?.() !== 0)
    throw new Failure(
      'A swap file needs root.',
      `As root: fallocate -l ${size} ${file} && chmod 600 ${file} && mkswap ${file} && swapon ${file}; then npm start without BERTH_SWAP.`,
    );
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) await formatSwap(file, size);
  // Before it fills: what is pushed out then stays in memory, compressed, as long as there is room.
  setZswap(file);
  await run(['swapon', file]);
}

/** @param {string} size */
export function checkSize(size) {
  if (!/^[1-9]\d*[MG]$/.test(size)) throw new Failure(`BERTH_SWAP=${size} is not a size.`, 'Such as 8G or 512M.');
}

/**
 * A file that swapon takes; none is left behind when it does not come to that: the next try would take it for one.
 * @param {string} file
 * @param {string} size
 */
export async function formatSwap(file, size) {
  try {
    await run(['fallocate', '-l', size, file]);
    await run(['chmod', '600', file]);
    await run(['mkswap', file]);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** @returns {Record<string, string>} of those that this kernel has */
function readParameters() {
  const there = Object.keys(zswapWanted).filter((name) => existsSync(join(zswap, name)));
  return Object.fromEntries(there.map((name) => [name, readFileSync(join(zswap, name), 'utf8').trim()]));
}

/** Where the kernel's parameters as they were before are kept. @param {string} file */
const keptIn = (file) => `${file}.zswap.json`;

/** @param {string} file */
function setZswap(file) {
  const before = readParameters();
  if (!existsSync(keptIn(file))) writeFileSync(keptIn(file), JSON.stringify(before));
  for (const [name, value] of Object.entries(zswapWanted)) if (name in before) writeFileSync(join(zswap, name), value);
}

/** Of `npm run reset`: what BERTH_SWAP made and set. @param {string} instance */
export async function removeSwap(instance) {
  const file = swapFile(instance);
  if (isOn(file)) await run(['swapoff', file]);
  if (existsSync(keptIn(file)))
    for (const [name, value] of Object.entries(JSON.parse(readFileSync(keptIn(file), 'utf8'))))
      writeFileSync(join(zswap, name), value);
  for (const one of [file, keptIn(file)]) rmSync(one, { force: true });
}
