import { UserError } from './errors.js';
import { parseLabel } from './names.js';
import type { ServiceStatus } from './status.js';

/** A host label (RFC 1035, section 2.3.4). */
const hostLabelMax = 63;

/** The name, and host label, of a project environment's app; `--` is in no name that a person types. */
export function projectAppName(service: string, environment: string): string {
  const name = `${service}--${environment}`;
  if (name.length > hostLabelMax)
    throw new UserError(
      'invalid_params',
      `${name} is ${name.length} characters long, and a host name may have ${hostLabelMax}: choose a shorter name for the environment.`,
    );
  return name;
}

/** Names of project environments stand in host names and in the mark of a request. */
export const parseProjectName = (name: string): string => parseLabel('environment', name);

export const defaultTtlHours = 72;
/** No environment lives longer, days, but by an extension. */
export const ttlDaysMax = 30;
const ttlHoursMax = ttlDaysMax * 24;

/** For how long an environment is kept, or how much longer, hours. */
export function parseTtlHours(hours: number): number {
  if (!Number.isFinite(hours) || hours <= 0 || hours > ttlHoursMax)
    throw new UserError('invalid_params', `A time to live is more than 0 and at most ${ttlHoursMax} hours.`);
  return hours;
}

const hourMs = 3_600_000;

/** When it goes after an extension: later than it would have, and no further away than a new one could be. */
export function extendExpiry({ expiresAt, hours, now }: { expiresAt: Date; hours: number; now: Date }): Date {
  const from = Math.max(expiresAt.getTime(), now.getTime());
  return new Date(Math.min(from + hours * hourMs, now.getTime() + ttlHoursMax * hourMs));
}

/** People are told a day before, or when a quarter of a short life is left. */
const warnMsMax = 24 * hourMs;

export type Expiry = 'stays' | 'warn' | 'destroy';

/** What is due for an environment now. `createdAt` and `expiresAt` say how long it lives in all. */
export function planExpiry(
  { createdAt, expiresAt, warnedAt }: { createdAt: Date; expiresAt: Date | null; warnedAt: Date | null },
  now: Date,
): Expiry {
  if (expiresAt === null) return 'stays';
  const leftMs = expiresAt.getTime() - now.getTime();
  if (leftMs <= 0) return 'destroy';
  const warnMs = Math.min(warnMsMax, (expiresAt.getTime() - createdAt.getTime()) / 4);
  return leftMs <= warnMs && warnedAt === null ? 'warn' : 'stays';
}

/** The one status of a project environment, and what went wrong in it. */
export interface ProjectStatus {
  status: ServiceStatus;
  /** One sentence when a service failed. */
  message: string | null;
}

/** While a service is under way the least advanced one counts; then any that failed. No services: there is nothing to wait for. */
export function projectStatus(
  services: readonly { service: string; status: ServiceStatus; errorMessage: string | null }[],
): ProjectStatus {
  const order: ServiceStatus[] = ['pending', 'building', 'starting', 'failed'];
  const status = order.find((each) => services.some((service) => service.status === each)) ?? 'ready';
  const failed = services.filter((service) => service.status === 'failed');
  if (failed.length === 0) return { status, message: null };
  const [first] = failed;
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  return { status, message: `${first!.service} failed${others}: ${first!.errorMessage ?? 'it did not start.'}` };
}
