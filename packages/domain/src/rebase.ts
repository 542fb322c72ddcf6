import { z } from 'zod';

/** What a rebase was asked for. With neither stack nor runtime: both, the newest there are. */
export const rebaseWish = z.object({
  /** `berth-13`, or one of its versions: `berth-13:20261121`. */
  stack: z
    .string()
    .regex(/^[a-z0-9-]+(:\w[\w.-]*)?$/, 'is a stack, such as berth-13 or berth-13:20261121')
    .optional(),
  /** `node`, or one of its versions: `node@24.21.1`. */
  runtime: z
    .string()
    .regex(/^[a-z]+(@\w[\w.-]*)?$/, 'is a runtime, such as node or node@24.21.1')
    .optional(),
  /** Names or ids. */
  apps: z.array(z.string()).optional(),
  environment: z.string().optional(),
  team: z.string().optional(),
});
export type RebaseWish = z.infer<typeof rebaseWish>;

const base = z.object({ name: z.string(), version: z.string().optional(), digest: z.string() });
const move = z.object({ from: base, to: base });

/** What a rebase does below one app. `propagator`: what carries the environment's mark along a call chain. */
export const rebaseChanges = z.object({
  stack: move.optional(),
  runtime: move.optional(),
  propagator: z.object({ digest: z.string() }).optional(),
});
export type RebaseChanges = z.infer<typeof rebaseChanges>;
export type RebaseBase = z.infer<typeof base>;

/** `berth-13 2026-11-21`: versions of stacks are the days on which they were made. */
function describeStack({ name, version }: Pick<RebaseBase, 'name' | 'version'>): string {
  const day = /^(\d{4})(\d\d)(\d\d)(\.\d+)?$/.exec(version ?? '');
  return day ? `${name} ${day[1]}-${day[2]}-${day[3]}${day[4] ?? ''}` : [name, version].filter(Boolean).join(' ');
}

/** `Rebase onto berth-13 2026-11-21 / Node.js 24.21.1`, the description of the release. */
export function describeRebase(
  { stack, runtime, propagator }: RebaseChanges,
  titleOf: (runtime: string) => string,
): string {
  const parts = [
    ...(stack ? [describeStack(stack.to)] : []),
    ...(runtime ? [`${titleOf(runtime.to.name)} ${runtime.to.version ?? ''}`.trim()] : []),
    ...(propagator && !stack && !runtime ? ['the newest propagator of marks'] : []),
  ];
  return `Rebase onto ${parts.join(' / ')}`;
}

export interface PackageChange {
  name: string;
  /** null: not there before, or not any more. */
  from: string | null;
  to: string | null;
}

/** Which of two lists of `name=version` differ, by name. */
export function diffPackages(from: readonly string[], to: readonly string[]): PackageChange[] {
  const [old, young] = [byName(from), byName(to)];
  return [...new Set([...old.keys(), ...young.keys()])]
    .sort()
    .map((name) => ({ name, from: old.get(name) ?? null, to: young.get(name) ?? null }))
    .filter((change) => change.from !== change.to);
}

const byName = (packages: readonly string[]) =>
  new Map(packages.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));

/**
 * In which wave an app's release rolls out, from 0: what only few depend on goes first (project environments, then the
 * stable ones in their order), so that a patch that breaks something is found before production.
 */
export function planWaves<T extends { kind: 'stable' | 'project'; position: number; name: string }>(
  apps: readonly T[],
  waveSize: number,
): { app: T; wave: number }[] {
  const rank = ({ kind, position }: T) => (kind === 'project' ? -1 : position);
  const ordered = [...apps].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  return ordered.map((app, index) => ({ app, wave: Math.floor(index / waveSize) }));
}
