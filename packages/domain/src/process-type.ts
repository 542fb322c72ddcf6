import { z } from 'zod';

/** A process type with its command, as an image carries it. */
export const processType = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,29}$/i),
  /** Run by `sh -c`, as Heroku runs Procfile lines: the customer's own shell line, inside its own container. */
  command: z.string().min(1),
  /** Only one may run at a time: changed after the switch, the old one stopped first. */
  singleton: z.boolean(),
});
export type ProcessType = z.infer<typeof processType>;

/** Runs once before a rollout; never scaled. */
export const releaseProcess = 'release';

export const healthcheck = z.object({
  path: z.string().startsWith('/'),
  /** How long a new instance may take to become healthy, ms. */
  timeoutMs: z.number().int().min(1000).max(600_000),
  /** true: only 2xx is healthy; false: any answer below 500. */
  strict: z.boolean(),
});
export type Healthcheck = z.infer<typeof healthcheck>;

/** Without `healthcheck` in berth.yaml: any answer below 500 on `/` within 60 s. */
export const defaultHealthcheck: Healthcheck = { path: '/', timeoutMs: 60_000, strict: false };

/** First quantities (DESIGN section 6): web = 1, every other process type 0, as at Heroku. */
export const firstQuantity = (processTypeName: string): number => (processTypeName === 'web' ? 1 : 0);
