import { z } from 'zod';
import { deployWindow } from './deploy-window.js';
import { defaultSize, sizeNames, sizeRule } from './sizes.js';

/** Roles that may be asked for where a policy says who may deploy; who only looks never may. */
export const deployRoles = ['member', 'admin', 'owner'] as const;
export type DeployRole = (typeof deployRoles)[number];

/** Nothing is deployed until somebody ends it, or until `until` (ISO 8601). */
const freeze = z.strictObject({
  reason: z.string().trim().min(1).max(200),
  until: z.iso.datetime({ offset: true }).nullable().default(null),
});

/**
 * What must hold before a promotion is released: the source app answers this path with 2xx, or this command (a shell line), run in
 * the source's release, ends with 0.
 */
const gate = z.union(
  [
    z.strictObject({ path: z.string().regex(/^\/[!-~]{0,199}$/, 'must be a path such as /health') }),
    z.strictObject({
      command: z.string().trim().min(1, 'must not be empty').max(1_000, 'must have 1000 characters at the most'),
    }),
  ],
  'must have a path such as /health, or a command',
);
export type Gate = z.infer<typeof gate>;

/** The policy of a stable environment: `Environment.policy`; what a row leaves out is what a new one has. */
export const environmentPolicy = z.strictObject({
  /** The least role that may deploy: by push, image, config change, rollback or promotion. */
  deployRole: z.enum(deployRoles).default('member'),
  /** People besides who asks that a promotion into it waits for. */
  approvals: z.int().min(0).max(5).default(0),
  freeze: freeze.nullable().default(null),
  /** Deploys happen only inside of one of them; none: at any time. */
  windows: z.array(deployWindow).max(20).default([]),
  gates: z.array(gate).max(10).default([]),
  /** The most instances of one process type; null: the installation's own limit. */
  quantityMax: z.int().min(1).max(100).nullable().default(null),
  /** Size of a new process type, and of a command, whose app's files name none; null: the installation's. */
  size: z.enum(sizeNames, sizeRule).nullable().default(null),
});
export type EnvironmentPolicy = z.infer<typeof environmentPolicy>;

/** A row's policy. A project environment has none of its own: everybody who may deploy at all may. */
export const policyOf = ({ kind, policy }: { kind: 'stable' | 'project'; policy: unknown }): EnvironmentPolicy =>
  environmentPolicy.parse(kind === 'stable' ? policy : {});

/** Where an app runs, as far as that limits what its files ask for. */
export interface Surroundings {
  kind: 'stable' | 'project';
  policy: unknown;
  /** Of a project environment. */
  base: { policy: unknown } | null;
}

/** The size of a process whose app's files name none; a project environment has its base's. */
export const firstSize = ({ policy, base }: Pick<Surroundings, 'policy' | 'base'>): string =>
  policyOf({ kind: 'stable', policy: base?.policy ?? policy }).size ?? defaultSize;

/** The stable environments of a new team, in their order. */
export const firstEnvironments: readonly { name: string; policy: Partial<EnvironmentPolicy> }[] = [
  { name: 'daily', policy: {} },
  { name: 'qa', policy: {} },
  { name: 'pre', policy: {} },
  { name: 'production', policy: { approvals: 1 } },
];
