import { z } from 'zod';

/** Names of process types, and of agents. Without flags: JSON Schema has none. */
export const processName = /^[A-Za-z][A-Za-z0-9_-]{0,29}$/;

/** Cron-like processes run once, whatever the app's files say (DESIGN section 3, rollout). */
export const alwaysSingleton = 'clock';

/** A process type with its command, as an image carries it. */
export const processType = z.object({
  name: z.string().regex(processName),
  /** Run by `sh -c`, as Heroku runs Procfile lines: the customer's own shell line, inside its own container. */
  command: z.string().min(1),
  /** Run as it is, without a shell, in place of `command`, which is then only what people read: an image's ENTRYPOINT and CMD. */
  argv: z.tuple([z.string()], z.string()).optional(),
  /** Its own image in the release's image repository, where it is not the release's: each process type may have one. */
  imageDigest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
  /** Only one may run at a time: changed after the switch, the old one stopped first. */
  singleton: z.boolean(),
  /** First quantity and size, where the app's files say them; scaling changes what is then. */
  quantity: z.number().int().min(0).optional(),
  size: z.string().optional(),
});
export type ProcessType = z.infer<typeof processType>;

/** How a process type is started, of all that carry it along: formation, plan, group. */
export type ProcessStart = Pick<ProcessType, 'command' | 'argv' | 'imageDigest'>;

export const processStart = ({ command, argv, imageDigest }: ProcessStart): ProcessStart => ({
  command,
  ...(argv && { argv }),
  ...(imageDigest && { imageDigest }),
});

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

/** A side program in the container of a process: started before it, restarted when it ends, stopped after it. */
export const agent = z.object({
  name: z.string().regex(processName),
  /** A shell line. */
  command: z.string().min(1),
  /** Process types that it runs beside; undefined: all. */
  processes: z.array(z.string()).optional(),
});
export type Agent = z.infer<typeof agent>;

/** A command that runs at a schedule. */
export const cronJob = z.object({
  /** Five fields or a nickname, UTC (domain/cron-schedule). */
  schedule: z.string(),
  /** A shell line. */
  command: z.string().min(1),
  /** undefined: that of the environment's new processes. */
  size: z.string().optional(),
});
export type CronJob = z.infer<typeof cronJob>;

/** Without `healthcheck` in berth.yaml: any answer below 500 on `/` within 60 s. */
export const defaultHealthcheck: Healthcheck = { path: '/', timeoutMs: 60_000, strict: false };

/** First quantities (DESIGN section 6): web = 1, every other process type 0, as at Heroku. */
export const firstQuantity = (processTypeName: string): number => (processTypeName === 'web' ? 1 : 0);
