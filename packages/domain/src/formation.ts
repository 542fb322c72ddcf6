import { firstSize, policyOf, type Surroundings } from './environment-policy.js';
import { UserError } from './errors.js';
import { firstQuantity, type ProcessStart, type ProcessType, processStart, releaseProcess } from './process-type.js';
import type { RunOverride } from './run-settings.js';

/** What is wanted of one process type: the image says how it starts, the app's formation the quantity and size. */
export interface FormationEntry extends ProcessStart {
  processType: string;
  quantity: number;
  size: string;
  singleton: boolean;
}

/**
 * What nobody has scaled yet: as the app's files say, else web once and every other process type not at all; never more than
 * the environment's policy allows, and of its size where the files name none. A project environment has one of each at the most.
 */
export function firstScale(
  { name, quantity, size }: ProcessType,
  environment: Surroundings,
): { quantity: number; size: string } {
  const first = quantity ?? firstQuantity(name);
  const most = environment.kind === 'project' ? 1 : (policyOf(environment).quantityMax ?? first);
  return { quantity: Math.min(most, first), size: size ?? firstSize(environment) };
}

/** Rows, and first quantities for what they lack. The `release` process runs once before a rollout and is never scaled. */
export function joinFormation(
  rows: readonly Scale[],
  processTypes: readonly ProcessType[],
  environment: Surroundings,
): FormationEntry[] {
  return processTypes
    .filter(({ name }) => name !== releaseProcess)
    .map((type) => {
      const { name, singleton } = type;
      const { quantity, size } = rows.find(({ processType }) => processType === name) ?? firstScale(type, environment);
      return { processType: name, ...processStart(type), quantity, size, singleton };
    });
}

/** Wanted quantity and size of one process type, as a row says it. */
export interface Scale {
  processType: string;
  quantity: number;
  size: string;
}

/**
 * A project environment's app begins with the formation of its base's. What the section of projects says goes over that, until
 * the app was released once; one of each at the most.
 */
export const underSection = (rows: readonly Scale[], { processes = {} }: RunOverride): Scale[] =>
  rows.map(({ processType, quantity, size }) => {
    const change = processes[processType];
    return { processType, quantity: Math.min(change?.quantity ?? quantity, 1), size: change?.size ?? size };
  });

/** More of one process type than this is a slip of the finger. */
const quantityMax = 100;

/** `3`, `+1` or `-1` → the new quantity; never below 0. */
export function parseQuantity(now: number, wanted: number | string): number {
  const text = String(wanted).trim();
  if (!/^[+-]?\d{1,6}$/.test(text))
    throw new UserError('invalid_params', `Quantity ${JSON.stringify(wanted)} must be a number, or a step such as +1.`);
  const isStep = typeof wanted === 'string' && /^[+-]/.test(text);
  const quantity = isStep ? Math.max(0, now + Number(text)) : Number(text);
  if (quantity < 0 || quantity > quantityMax)
    throw new UserError('invalid_params', `A quantity is between 0 and ${quantityMax}.`);
  return quantity;
}
