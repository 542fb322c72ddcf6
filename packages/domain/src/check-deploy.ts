import { describeWindow, isInWindow } from './deploy-window.js';
import type { DeployRole, EnvironmentPolicy } from './environment-policy.js';

/** Who asks for what, where. A rollback is the way out of trouble: admins may do it in a freeze and out of hours. */
export interface WantedDeploy {
  environment: string;
  policy: EnvironmentPolicy;
  role: 'viewer' | DeployRole;
  isRollback: boolean;
  now: Date;
}

const order = ['viewer', 'member', 'admin', 'owner'] as const;
const isAtLeast = (role: WantedDeploy['role'], least: WantedDeploy['role']) =>
  order.indexOf(role) >= order.indexOf(least);

/** Why the environment's policy refuses a deploy, in one sentence; undefined: it does not. */
export function checkDeploy({ environment, policy, role, isRollback, now }: WantedDeploy): string | undefined {
  if (!isAtLeast(role, policy.deployRole))
    return `Deploying to ${environment} needs the role ${policy.deployRole}; yours is ${role}.`;
  if (isRollback && isAtLeast(role, 'admin')) return undefined;
  const { windows } = policy;
  const freeze = freezeNow(policy, now);
  if (freeze) {
    const until = freeze.until === null ? '' : ` until ${freeze.until}`;
    return `${environment} is frozen${until}: ${freeze.reason.replace(/\.$/, '')}.`;
  }
  if (windows.length > 0 && !windows.some((window) => isInWindow(window, now)))
    return `${environment} takes deploys only ${windows.map(describeWindow).join('; ')}.`;
  return undefined;
}

/** The freeze that lasts at `now`; one whose time is over is none. */
export const freezeNow = ({ freeze }: Pick<EnvironmentPolicy, 'freeze'>, now: Date): EnvironmentPolicy['freeze'] =>
  freeze && (freeze.until === null || now < new Date(freeze.until)) ? freeze : null;
