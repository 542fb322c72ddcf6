import { z } from 'zod';
import { UserError } from './errors.js';

/** What a team or an environment may take together; a name that is not there has no limit. */
export const quota = z.strictObject({
  apps: z.number().int().min(0).optional(),
  /** Project environments; of teams only. */
  environments: z.number().int().min(0).optional(),
  /** Sum of the memory limits of all wanted instances and of Redis servers. */
  memoryMiB: z.number().int().min(0).optional(),
  /** Sum of the CPU weights of all wanted instances, in cores: a standard-1x counts half a one. */
  cpus: z.number().min(0).optional(),
  /** Images, sources, caches, volumes, as the last disk ledger counted them: of an environment, what it counts at its apps. */
  diskMiB: z.number().int().min(0).optional(),
});

export type Quota = z.infer<typeof quota>;
export type QuotaName = keyof Quota;
/** What is taken, or what is asked for on top. */
export type Amounts = Record<QuotaName, number>;

const words: Record<QuotaName, string> = {
  apps: 'apps',
  environments: 'project environments',
  memoryMiB: 'MiB of memory',
  cpus: 'CPUs',
  diskMiB: 'MiB of disk',
};

/**
 * Throws a UserError (`quota_exceeded`) that says what is missing, when `adds` does not fit below `limits`. What adds nothing is
 * never refused: a quota that was lowered below what is taken stops growth, not what is there.
 * @param of whose quota it is, e.g. `Team default`
 */
export function checkQuota(of: string, limits: Quota, taken: Amounts, adds: Partial<Amounts>): void {
  const missing = (Object.keys(words) as QuotaName[]).flatMap((name) => {
    const [limit, add] = [limits[name], adds[name] ?? 0];
    if (limit === undefined || add <= 0 || taken[name] + add <= limit) return [];
    return [`${round(taken[name])} of ${round(limit)} ${words[name]} are taken and ${round(add)} more are asked for`];
  });
  if (missing.length > 0) throw new UserError('quota_exceeded', `${of} is at its quota: ${missing.join('; ')}.`);
}

const round = (amount: number) => String(Math.round(amount * 100) / 100);
