import type { Changes } from './plan-changes.js';

/** `Set A, B config vars` or `Remove A config vars`, as Heroku words it. */
export function describeChanges(changes: Changes): string {
  const named = (verb: string, keys: string[]) => (keys.length ? [`${verb} ${keys.join(', ')} config vars`] : []);
  const set = changes.flatMap(([key, value]) => (value === null ? [] : [key]));
  const removed = changes.flatMap(([key, value]) => (value === null ? [key] : []));
  return [...named('Set', set), ...named('Remove', removed)].join(', ');
}
