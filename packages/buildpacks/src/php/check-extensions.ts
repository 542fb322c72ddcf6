import { UserError } from '@berth/domain/errors';
import { phpExtensions } from '@berth/runtimes/php/extensions';
import type { ComposerLock, ComposerManifest } from './manifest.js';

/** Throws for extensions (`ext-…`) that the app or one of its packages asks for and the runtime does not have. */
export function checkExtensions({ require }: ComposerManifest, lock: ComposerLock | undefined): void {
  const packages = lock?.packages ?? [];
  // symfony/polyfill-mbstring and its like stand in for an extension.
  const known = new Set([...phpExtensions, ...packages.flatMap((one) => namesOf({ ...one.provide, ...one.replace }))]);
  const asked = [
    ...namesOf(require).map((name) => ({ name, by: 'composer.json' })),
    ...packages.flatMap((one) => namesOf(one.require).map((name) => ({ name, by: one.name }))),
  ];
  const missing = asked.filter(({ name }) => !known.has(name));
  if (missing.length === 0) return;
  const shown = [...new Map(missing.map(({ name, by }) => [name, `ext-${name} (${by})`])).values()].join(', ');
  throw new UserError(
    'unsupported',
    `This app asks for PHP extensions that Berth does not have: ${shown}. There are: ${phpExtensions.join(', ')}.`,
  );
}

const namesOf = (wishes: Record<string, string>) =>
  Object.keys(wishes).flatMap((wish) => (/^ext-/i.test(wish) ? [wish.slice('ext-'.length).toLowerCase()] : []));
