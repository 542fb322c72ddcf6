import { environmentPolicy } from '@berth/domain/environment-policy';
import type { EnvironmentView } from '@berth/platform/environments/list-environments';
import { z } from 'zod';
import { ref } from './app.js';

/** Ours: a stable environment. */
export function toWireEnvironment(view: EnvironmentView) {
  const { deployRole, approvals, freeze, windows, gates, quantityMax, size } = view.policy;
  return {
    id: view.id,
    name: view.name,
    kind: 'stable',
    team: ref(view.team),
    position: view.position,
    registry: view.registry,
    policy: {
      deploy_role: deployRole,
      approvals,
      freeze,
      windows: windows.map(({ timeZone, ...window }) => ({ ...window, time_zone: timeZone })),
      gates,
      quantity_max: quantityMax,
      size,
    },
    kept_releases: view.keptReleases,
    kept_days: view.keptDays,
    kept_lines: view.keptLines,
    apps: view.apps,
    created_at: view.createdAt,
  };
}

const wanted = environmentPolicy.shape;
const wireWindow = z
  .strictObject({ days: z.unknown(), from: z.unknown(), to: z.unknown(), time_zone: z.unknown() })
  .transform(({ time_zone: timeZone, ...window }) => ({ ...window, timeZone }));

/** The parts of a policy that somebody changes, as our policy names them. */
export const wirePolicy = z
  .strictObject({
    deploy_role: wanted.deployRole.removeDefault().optional(),
    approvals: wanted.approvals.removeDefault().optional(),
    freeze: wanted.freeze.removeDefault().optional(),
    windows: z.array(wireWindow).pipe(wanted.windows.removeDefault()).optional(),
    gates: wanted.gates.removeDefault().optional(),
    quantity_max: wanted.quantityMax.removeDefault().optional(),
    size: wanted.size.removeDefault().optional(),
  })
  .transform(({ deploy_role, quantity_max, ...same }) => {
    const policy = { ...same, deployRole: deploy_role, quantityMax: quantity_max };
    return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined)) as Partial<
      z.infer<typeof environmentPolicy>
    >;
  });
