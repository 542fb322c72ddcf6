import { TransientError } from '@berth/domain/errors';
import { z } from 'zod';

/** What one kind of job needs: its payload (ids only), how often it is tried, how long it may take, what it may not overlap. */
export interface JobSpec<Payload> {
  payload: z.ZodType<Payload>;
  /** Tries in all of work that fails by a fault of ours. What did not answer for a moment is tried longer: {@link triesOf}. */
  attempts: number;
  /** ms; then the handler's signal is aborted. */
  timeoutMs: number;
  /** Jobs with the same key never run at the same time, over all processes. */
  overlapKey: (payload: Payload) => string;
}

const spec = <Payload>(job: JobSpec<Payload>) => job;
const appAnd = <const K extends string>(key: K) =>
  z.object({ appId: z.string(), [key]: z.string() } as Record<K | 'appId', z.ZodString>);
const minutes = 60_000;

/** With the pauses of {@link pauseMs} a minute and more: the host process or the engine may start anew meanwhile. */
const transientAttempts = 10;

/** Tries in all of a job that fails by `error`; by default of one that is a TransientError each time. */
export function triesOf(name: JobName, error: unknown = new TransientError()): number {
  const { attempts } = catalogue[name];
  return error instanceof TransientError ? Math.max(attempts, transientAttempts) : attempts;
}

/** Before the next try, ms: soon at first, since most of what is away is back in a second. */
export const pauseMs = (triesMade: number) => Math.min(500 * 2 ** (triesMade - 1), 15_000);

/** Every job there is. Stages meet through these and through rows, never by imports. */
export const catalogue = {
  'build.run': spec({
    payload: appAnd('buildId'),
    attempts: 3,
    timeoutMs: 60 * minutes,
    overlapKey: ({ appId }) => `build:${appId}`,
  }),
  'release.run': spec({
    payload: appAnd('releaseId'),
    attempts: 5,
    timeoutMs: 60 * minutes,
    overlapKey: ({ appId }) => `rollout:${appId}`,
  }),
  'rollout.run': spec({
    payload: appAnd('rolloutId'),
    attempts: 5,
    timeoutMs: 20 * minutes,
    overlapKey: ({ appId }) => `rollout:${appId}`,
  }),
  'instances.retire': spec({
    payload: appAnd('rolloutId'),
    attempts: 20,
    timeoutMs: 5 * minutes,
    overlapKey: ({ rolloutId }) => `retire:${rolloutId}`,
  }),
  /** Plans a rebase, rewrites images, makes releases wave by wave. It does not wait for a wave: it comes again. */
  'rebase.run': spec({
    payload: z.object({ rebaseId: z.string() }),
    attempts: 5,
    timeoutMs: 30 * minutes,
    overlapKey: ({ rebaseId }) => `rebase:${rebaseId}`,
  }),
  /** Writes SBOM and provenance of an image beside it in the registry. */
  'image.describe': spec({
    payload: z.object({ imageId: z.string() }),
    attempts: 5,
    timeoutMs: 10 * minutes,
    overlapKey: ({ imageId }) => `image:${imageId}`,
  }),
  /** Frees disk: plans, deletes manifests, opens and ends the registry's window. One at a time: there is one registry. */
  'registry.collect': spec({
    payload: z.object({ collectionId: z.string() }),
    attempts: 5,
    timeoutMs: 60 * minutes,
    overlapKey: () => 'registry:collect',
  }),
  /** Writes down what fills the disk. */
  'disk.measure': spec({
    payload: z.object({}),
    attempts: 3,
    timeoutMs: 10 * minutes,
    overlapKey: () => 'disk:measure',
  }),
  /** One run of a cron job. Once its command was started it is not tried again. */
  'cron.run': spec({
    payload: appAnd('runId'),
    attempts: 5,
    timeoutMs: 24 * 60 * minutes,
    overlapKey: ({ runId }) => `cron:${runId}`,
  }),
  /** A command that somebody runs in an app. Once it was started it is not tried again. */
  'one-off.run': spec({
    payload: appAnd('oneOffId'),
    attempts: 5,
    timeoutMs: 24 * 60 * minutes + 10 * minutes,
    overlapKey: ({ oneOffId }) => `one-off:${oneOffId}`,
  }),
  /** Checks the gates of a promotion, which may be commands, and makes its release. */
  'promotion.run': spec({
    payload: z.object({ promotionId: z.string() }),
    attempts: 5,
    timeoutMs: 6 * 60 * minutes,
    overlapKey: ({ promotionId }) => `promotion:${promotionId}`,
  }),
  /** The network of an environment that was deleted. */
  'network.remove': spec({
    payload: z.object({ environmentId: z.string() }),
    attempts: 20,
    timeoutMs: 5 * minutes,
    overlapKey: ({ environmentId }) => `network:${environmentId}`,
  }),
  /** Makes an add-on's database and role, and the copy of another's data in it. */
  'addon.provision': spec({
    payload: z.object({ addOnId: z.string() }),
    attempts: 5,
    timeoutMs: 4 * 60 * minutes,
    overlapKey: ({ addOnId }) => `addon:${addOnId}`,
  }),
  /** A new password, then the end of the older one, for which it comes again until nothing has it. */
  'addon.rotate': spec({
    payload: z.object({ addOnId: z.string(), userId: z.string() }),
    attempts: 20,
    timeoutMs: 10 * minutes,
    overlapKey: ({ addOnId }) => `addon:${addOnId}`,
  }),
  /** A volume of a larger plan, for which it comes again until no container has it. */
  'addon.grow': spec({
    payload: z.object({ addOnId: z.string() }),
    attempts: 5,
    timeoutMs: 60 * minutes,
    overlapKey: ({ addOnId }) => `addon:${addOnId}`,
  }),
  'addon.deprovision': spec({
    payload: z.object({ addOnId: z.string() }),
    attempts: 20,
    timeoutMs: 10 * minutes,
    overlapKey: ({ addOnId }) => `addon:${addOnId}`,
  }),
  /** Makes config releases for the apps that a change of shared config vars, or of what others refer to, reaches. */
  'config.spread': spec({
    payload: z.object({
      teamId: z.string(),
      environmentId: z.string().nullable(),
      userId: z.string(),
      description: z.string(),
    }),
    attempts: 5,
    timeoutMs: 10 * minutes,
    overlapKey: ({ teamId }) => `config:${teamId}`,
  }),
  'app.destroy': spec({
    payload: z.object({ appId: z.string() }),
    attempts: 20,
    timeoutMs: 10 * minutes,
    overlapKey: ({ appId }) => `rollout:${appId}`,
  }),
  /** Finds the commit that a project environment's service is to run, and makes its source and build when they are missing. */
  'source.make': spec({
    payload: z.object({ appId: z.string() }),
    attempts: 5,
    timeoutMs: 10 * minutes,
    overlapKey: ({ appId }) => `source:${appId}`,
  }),
  /** Follows the services of a project environment until each is ready or has failed. */
  'environment.start': spec({
    payload: z.object({ environmentId: z.string() }),
    attempts: 20,
    timeoutMs: 10 * minutes,
    overlapKey: ({ environmentId }) => `environment:${environmentId}`,
  }),
  /** Removes what a project environment made, once its apps are gone. */
  'environment.destroy': spec({
    payload: z.object({ environmentId: z.string() }),
    attempts: 20,
    timeoutMs: 10 * minutes,
    overlapKey: ({ environmentId }) => `environment:${environmentId}`,
  }),
} as const;

export type JobName = keyof typeof catalogue;
export type Payload<N extends JobName> = z.infer<(typeof catalogue)[N]['payload']>;
