import { z } from 'zod';
import {
  type Agent,
  agent,
  type CronJob,
  cronJob,
  defaultHealthcheck,
  type Healthcheck,
  healthcheck,
  type ProcessType,
  processType,
  releaseProcess,
} from './process-type.js';

/** What differs in one environment: a section of berth.yaml's `environments`. What it leaves out is as everywhere; null takes away. */
export const runOverride = z.object({
  processes: z.record(z.string(), processType.pick({ command: true, quantity: true, size: true }).partial()).optional(),
  release: z.string().min(1).nullable().optional(),
  agents: z.record(z.string(), agent.omit({ name: true }).partial().nullable()).optional(),
  cron: z.array(cronJob).optional(),
  healthcheck: healthcheck.partial().optional(),
});
export type RunOverride = z.infer<typeof runOverride>;

/** The section of all project environments; that of the base holds below it. */
export const projectSection = 'project';

/** The sections that hold in an environment, the weakest first. */
export const sectionsOf = (environment: { kind: 'stable' | 'project'; name: string; base: { name: string } | null }) =>
  environment.kind === 'stable'
    ? [environment.name]
    : [...(environment.base ? [environment.base.name] : []), projectSection];

/** How an image is run: what the app's own files (Procfile, berth.yaml, app.json) came to. */
export interface RunSettings {
  processTypes: ProcessType[];
  healthcheck: Healthcheck | null;
  agents: Agent[];
  cron: CronJob[];
}

/** An image's row, as far as it says how it is run. */
const imageRow = z.object({
  processTypes: z.array(processType),
  healthcheck: healthcheck.nullish().transform((check) => check ?? null),
  agents: z.array(agent),
  cron: z.array(cronJob),
  environments: z.record(z.string(), runOverride),
});

/** How an image is run where these sections hold ({@link sectionsOf}); a name that it has no section for changes nothing. */
export function settingsIn(
  image: { [column in keyof z.infer<typeof imageRow>]: unknown },
  sections: readonly string[],
): RunSettings {
  const { environments, ...everywhere } = imageRow.parse(image);
  return sections.reduce<RunSettings>((settings, name) => override(settings, environments[name] ?? {}), everywhere);
}

/** What an image says of one section; nothing where it has none. */
export const sectionOf = (image: { environments: unknown }, name: string): RunOverride =>
  imageRow.shape.environments.parse(image.environments)[name] ?? {};

/** {@link settingsIn} for who looks at nothing but the process types. */
export const processTypesIn = (
  image: { processTypes: unknown; environments: unknown },
  sections: readonly string[],
): ProcessType[] => settingsIn({ ...image, healthcheck: null, agents: [], cron: [] }, sections).processTypes;

/** Maps are merged key by key, lists and texts are replaced. */
export function override(
  settings: RunSettings,
  { processes, release, agents, cron, healthcheck }: RunOverride,
): RunSettings {
  return {
    processTypes: overrideRelease(
      settings.processTypes.map((type) => overrideProcess(type, processes?.[type.name])),
      release,
    ),
    healthcheck: healthcheck ? laidOver(settings.healthcheck ?? defaultHealthcheck, healthcheck) : settings.healthcheck,
    agents: overrideAgents(settings.agents, agents ?? {}),
    cron: cron ?? settings.cron,
  };
}

function overrideProcess(type: ProcessType, change: ProcessChange = {}): ProcessType {
  const { argv, ...rest } = laidOver(type, change);
  // A command of its own is a shell line: what the image's ENTRYPOINT says is not run in its place.
  return { ...rest, ...(argv && change.command === undefined ? { argv } : {}) };
}

type ProcessChange = NonNullable<RunOverride['processes']>[string];

const laidOver = <Thing extends object>(
  thing: Thing,
  change: { [key in keyof Thing]?: Thing[key] | undefined },
): Thing => ({
  ...thing,
  ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
});

function overrideRelease(types: ProcessType[], command: string | null | undefined): ProcessType[] {
  if (command === undefined) return types;
  const others = types.filter(({ name }) => name !== releaseProcess);
  return command === null ? others : [...others, { name: releaseProcess, command, singleton: false }];
}

function overrideAgents(agents: readonly Agent[], changes: NonNullable<RunOverride['agents']>): Agent[] {
  const names = [...new Set([...agents.map(({ name }) => name), ...Object.keys(changes)])];
  return names.flatMap((name) => {
    const change = changes[name];
    const { command, ...rest } = { ...agents.find((one) => one.name === name), ...change };
    return change === null || command === undefined ? [] : [{ ...rest, name, command }];
  });
}
