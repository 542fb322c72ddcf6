import { UserError } from './errors.js';

/** What an instance of a size may use. CPU shares are relative weights (1024 = one full share). */
export interface Size {
  name: string;
  memoryBytes: number;
  cpuShares: number;
  pidsMax: number;
}

const MiB = 1024 * 1024;

/** Heroku's names, so that `heroku ps:type` works as typed. */
export const sizes: readonly Size[] = [
  { name: 'standard-1x', memoryBytes: 512 * MiB, cpuShares: 512, pidsMax: 512 },
  { name: 'standard-2x', memoryBytes: 1024 * MiB, cpuShares: 1024, pidsMax: 1024 },
  { name: 'performance-m', memoryBytes: 2560 * MiB, cpuShares: 2048, pidsMax: 2048 },
];

export const sizeNames = sizes.map(({ name }) => name) as [string, ...string[]];
/** Follows the name of what is no size. */
export const sizeRule = `is a size: ${sizeNames.join(', ')}`;

export const defaultSize = 'standard-1x';

/** The size of a name in any case; an unknown one is a UserError that lists the known ones. */
export function parseSize(name: string): Size {
  const size = sizes.find((one) => one.name === name.toLowerCase());
  if (size) return size;
  const known = sizes.map((one) => one.name).join(', ');
  throw new UserError('invalid_params', `Couldn't find that size: ${name}. Sizes: ${known}.`);
}
