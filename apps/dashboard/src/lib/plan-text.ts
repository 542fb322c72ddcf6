import { type AddOnPlan, parsePlan } from '@berth/domain/add-on-plans';

export const kindNames = { postgresql: 'PostgreSQL', redis: 'Redis', volume: 'Volume' } as const satisfies Record<
  AddOnPlan['kind'],
  string
>;

/** "Essential 0, 20 connections", "Mini, 25 MiB, 20 connections, empty after a restart", "5 GiB": what a plan gives. */
export function planText(plan: AddOnPlan): string {
  if (plan.kind === 'volume') return plan.humanName;
  if (plan.kind === 'postgresql') return `${plan.humanName}, ${plan.connectionsMax} connections`;
  const data = `${plan.humanName}, ${plan.dataMiB} MiB, ${plan.connectionsMax} connections`;
  return plan.isPersistent ? data : `${data}, empty after a restart`;
}

/** "PostgreSQL: Essential 0, 20 connections", "Volume: 5 GiB at /data" */
export function addOnText(addOn: { service: string; plan: string; mountPath: string | null }): string {
  const { plan } = parsePlan(`${addOn.service}:${addOn.plan}`);
  const text = `${kindNames[plan.kind]}: ${planText(plan)}`;
  return addOn.mountPath === null ? text : `${text} at ${addOn.mountPath}`;
}
