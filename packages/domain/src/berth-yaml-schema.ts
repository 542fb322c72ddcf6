import { z } from 'zod';
import { isSchedule } from './cron-schedule.js';
import { processName } from './process-type.js';
import { sizes } from './sizes.js';

/** Languages of `runtime:`. */
export const runtimeNames = ['node', 'python', 'go', 'java', 'ruby', 'php', 'rust', 'static'] as const;
export type RuntimeName = (typeof runtimeNames)[number];

/** Stacks of `stack:`; `container`, Heroku's word, is a build by the app's own Dockerfile. */
const stackNames = ['berth-13', 'container'] as const;

const line = z.string('is a command: a text').trim().min(1, 'is empty').max(10_000, 'is longer than 10,000 characters');

const isBelowApp = (path: string) =>
  !path.startsWith('/') &&
  !path.split('/').includes('..') &&
  path.split('/').some((part) => part !== '' && part !== '.');
const pathRule = 'is a path inside the app, without a slash at its start';
const path = z.string(pathRule).trim().refine(isBelowApp, pathRule);

const name = (what: string) =>
  z.string().regex(processName, `is not ${what}: 1 to 30 letters, digits, - and _, a letter first`);

const sizeNames = sizes.map((size) => size.name) as [string, ...string[]];
const sizeRule = `is a size: ${sizeNames.join(', ')}`;
const size = z.enum(sizeNames, sizeRule);

const runtimeRule = `is a language with a version, for example node@24; languages: ${runtimeNames.join(', ')}`;
const runtime = z
  .string(runtimeRule)
  .regex(new RegExp(`^(${runtimeNames.join('|')})(@.+)?$`), runtimeRule)
  .meta({
    description: 'Language and version; wins over what the app’s own files say.',
    examples: ['node@24', 'python'],
  });

const root = z
  .string('is a directory of the repository')
  .transform((text) => text.replace(/^(\.?\/)+|\/+$/g, ''))
  .refine((text) => !text.split('/').includes('..'), 'must not lead outside of the repository')
  .meta({ description: 'Directory of the app inside the repository.', examples: ['services/api'] });

const processRule = 'is a command, or a map with command, singleton, size and quantity';
const processes = z
  .record(
    name('a process type'),
    z.union(
      [
        line,
        z.strictObject({
          command: line.optional().meta({ description: 'Shell line; without it the Procfile’s.' }),
          singleton: z
            .boolean('is true or false')
            .optional()
            .meta({ description: 'Never runs twice at a time; `clock` is one anyway.', default: false }),
          size: size.optional().meta({ description: 'Size at the first deploy; later `heroku ps:type` says.' }),
          quantity: z
            .int('is a whole number from 0 to 100')
            .min(0, 'is a whole number from 0 to 100')
            .max(100, 'is a whole number from 0 to 100')
            .optional()
            .meta({ description: 'Quantity at the first deploy; later `heroku ps:scale` says.' }),
        }),
      ],
      processRule,
    ),
    'is a map: process type → command',
  )
  .meta({ description: 'Process types by name; a command here wins over the Procfile’s.' });

const timeoutRule = 'is a number of seconds from 1 to 600';
const healthcheck = z
  .strictObject(
    {
      path: z.string('starts with /').startsWith('/', 'starts with /').optional().meta({ default: '/' }),
      timeout: z
        .number(timeoutRule)
        .min(1, timeoutRule)
        .max(600, timeoutRule)
        .optional()
        .meta({ description: 'Seconds that a new instance may take to become healthy.', default: 60 }),
      strict: z
        .boolean('is true (only 2xx is healthy) or false')
        .optional()
        .meta({ description: 'true: only 2xx is healthy; false: any answer below 500.', default: false }),
    },
    'is a map with path, timeout (seconds) and strict',
  )
  .meta({ description: 'How the router finds out whether a web instance works.' });

const argRule = 'is a text, a number, true or false';
const argName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a name: letters, digits and _');
const args = z
  .union(
    [
      z.array(
        z.string('is a name, or name=value').regex(/^[A-Za-z_][A-Za-z0-9_]*(=.*)?$/s, 'is a name, or name=value'),
      ),
      z.record(argName, z.union([z.string(), z.number(), z.boolean(), z.null()], argRule)),
    ],
    'is a map name → value, or a list of names',
  )
  .meta({ description: 'Arguments of the Dockerfile. One without a value gets the config var of its name.' });

const build = z
  .union(
    [
      z.literal('dockerfile'),
      z.strictObject({
        command: line
          .optional()
          .meta({ description: 'Runs instead of the build script that the app’s own files name.' }),
        dockerfile: path
          .optional()
          .meta({ description: 'The image is built by this Dockerfile.', examples: ['Dockerfile'] }),
        args: args.optional(),
        target: z
          .string('is the name of a stage')
          .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/, 'is the name of a stage')
          .optional()
          .meta({ description: 'Stage of the Dockerfile that is the image; without it the last one.' }),
      }),
    ],
    'is "dockerfile", or a map with command, dockerfile, args and target',
  )
  .meta({ description: '`dockerfile` alone is { dockerfile: Dockerfile }.' });

const agents = z
  .record(
    name('an agent'),
    z.union(
      [
        line,
        z.strictObject({
          command: line,
          processes: z
            .array(name('a process type'), 'is a list of process types')
            .min(1, 'is empty')
            .optional()
            .meta({ description: 'Process types that it runs beside; without it all of them.' }),
        }),
      ],
      'is a command, or a map with command and processes',
    ),
    'is a map: name → command',
  )
  .meta({
    description: 'Side programs in the same container: started in this order before the process, stopped after it.',
  });

const scheduleRule = 'is a schedule in UTC: five fields such as "0 3 * * *", or @hourly, @daily, @weekly, @monthly';
const cron = z
  .array(
    z.strictObject(
      {
        schedule: z.string(scheduleRule).trim().refine(isSchedule, scheduleRule),
        command: line,
        size: size.optional(),
      },
      'is a map with schedule and command',
    ),
    'is a list of maps with schedule and command',
  )
  .max(50, 'has more than 50 jobs')
  .meta({ description: 'Commands that run at a schedule (UTC), each as a one-off of the current release.' });

const ownerRule = 'is app (who runs may change it) or root (nobody may)';
const modeRule = 'is octal digits in quotes, for example "0755"';
const files = z
  .record(
    z.string().refine((text) => isBelowApp(text), pathRule),
    z.strictObject(
      {
        owner: z.enum(['app', 'root'], ownerRule).optional().meta({ default: 'app' }),
        mode: z
          .string(modeRule)
          .regex(/^0?[0-7]{3}$/, modeRule)
          .optional(),
      },
      'is a map with owner and mode',
    ),
    'is a map: path → owner and mode',
  )
  .meta({
    description:
      'Owner and mode of files of the image. A path that ends with / is a directory with everything in it, made when it is not there.',
  });

const buildpackRule =
  'is a URL (https://…, of a git repository or a .tgz), a folder of the app (./buildpack), or a name such as heroku/nodejs';
/** The names that there are: buildpack-choice.ts, when it is built. */
const isBuildpack = (text: string) =>
  /^https?:\/\/\S+$/.test(text) || /^[\w-]+\/[\w-]+$/.test(text) || (text.startsWith('./') && isBelowApp(text));
const buildpacks = z
  .array(
    z
      .string(buildpackRule)
      .trim()
      .refine((text) => isBuildpack(text), buildpackRule),
    'is a list of URLs and folders',
  )
  .min(1, 'is empty')
  .max(20, 'has more than 20 entries')
  .meta({ description: 'Buildpacks in their order: classic ones of your own, and at most one of Berth’s.' });

/**
 * The whole of berth.yaml: what may be in it, in one place. Messages follow the key's name in a sentence
 * ("healthcheck.path starts with /."). The JSON Schema that editors read is made of it (berth-json-schema.ts).
 */
export const berthYamlSchema = z.strictObject({
  runtime: runtime.optional(),
  root: root.optional(),
  stack: z
    .enum(stackNames, `is one of ${stackNames.join(', ')}`)
    .optional()
    .meta({ description: 'Operating system of the image; container: the app’s own Dockerfile.', default: 'berth-13' }),
  buildpacks: buildpacks.optional(),
  build: build.optional(),
  caches: z
    .array(path, 'is a list of directories')
    .max(20, 'has more than 20 entries')
    .optional()
    .meta({ description: 'Directories that are kept from one build of the app to the next; not in the image.' }),
  files: files.optional(),
  processes: processes.optional(),
  release: line.optional().meta({ description: 'Runs once before each release; when it fails nothing changes.' }),
  agents: agents.optional(),
  cron: cron.optional(),
  healthcheck: healthcheck.optional(),
});
export type BerthYamlFile = z.infer<typeof berthYamlSchema>;

/** Values that a later Berth will have. */
export const laterStacks: readonly string[] = ['berth-12'];

/** Names that a later Berth will have, by place; `*` is any name. */
export const laterKeys: Readonly<Record<string, readonly string[]>> = {
  '': [
    'addons',
    'canary',
    'debug',
    'domains',
    'drains',
    'env',
    'environments',
    'metrics',
    'ports',
    'preview',
    'propagation',
    'resources',
    'rollout',
    'routes',
    'services',
    'sidecars',
    'sleep',
    'volumes',
  ],
  build: ['cache', 'memory'],
  'processes.*': ['agents', 'healthcheck', 'port', 'resources', 'schedule'],
  'agents.*': ['healthcheck', 'port', 'resources'],
  healthcheck: ['command', 'interval'],
  'cron.*': ['timezone'],
};
