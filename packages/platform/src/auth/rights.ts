import type { Role } from '@berth/db/generated/client';

/** Roles from the least to the most; each may do what the ones before it may. */
export const roles = ['viewer', 'member', 'admin', 'owner'] as const satisfies readonly Role[];
export type { Role };

/** Right → the least role that has it. Every use case that a person asks for names one of these. */
export const minimumRole = {
  'team.view': 'viewer',
  'team.invite': 'admin',
  'team.set-role': 'owner',
  'team.remove-member': 'admin',
  'disk.view': 'admin',
  'disk.clean': 'admin',
  'environment.set-registry': 'admin',
  /** Project environments; who owns one may extend and destroy it with this right alone. */
  'environment.create': 'member',
  'environment.destroy': 'admin',
  /** To ask the base's apps, from outside, for a project environment: links and the doctor. */
  'environment.open': 'member',
  /** To call a project environment's services from one's own machine, and to answer for one: no more than a push to it may. */
  'environment.tether': 'member',
  'environment.change': 'admin',
  'pipeline.create': 'member',
  'pipeline.change': 'member',
  /** To put an app in or take it out where that opens a way past an environment's approvals. */
  'pipeline.regroup-approved': 'admin',
  'pipeline.destroy': 'admin',
  'team.set-config': 'admin',
  'environment.set-config': 'admin',
  'add-on.create': 'member',
  'add-on.destroy': 'admin',
  'app.view': 'viewer',
  'app.create': 'member',
  'app.push': 'member',
  /** An image holds what its build made of config vars, which who only looks does not see. */
  'app.pull': 'member',
  /** Config vars are secrets: who only looks does not see them. */
  'app.view-config': 'member',
  'app.set-config': 'member',
  'app.roll-back': 'member',
  'app.rebase': 'member',
  /** Asking for a promotion into an app's environment, and approving one. The environment's policy may ask for more. */
  'app.promote': 'member',
  /** A command in an app's release sees its config vars and can do what the app can. The environment's policy may ask for more. */
  'app.run': 'member',
  /** No health gate, and shells: the same role rules as for commands. */
  'app.debug': 'member',
  'app.scale': 'member',
  'app.restart': 'member',
  'app.cancel-build': 'member',
  'app.set-maintenance': 'member',
  'app.set-buildpacks': 'member',
  'app.set-deploy-branch': 'admin',
  'app.destroy': 'admin',
} as const satisfies Record<string, Role>;

export type Right = keyof typeof minimumRole;

export function mayDo(role: Role, right: Right): boolean {
  return roles.indexOf(role) >= roles.indexOf(minimumRole[right]);
}
