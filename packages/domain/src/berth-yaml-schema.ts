import { z } from 'zod';
import { environments, needs } from './berth-yaml-environments-schema.js';
import { agents, cron, healthcheck, line, processes } from './berth-yaml-run-schema.js';

/** Languages of `runtime:`. */
export const runtimeNames = ['node', 'python', 'go', 'java', 'ruby', 'php', 'rust', 'static'] as const;
export type RuntimeName = (typeof runtimeNames)[number];

/** Stacks of `stack:`; `container`, Heroku's word, is a build by the app's own Dockerfile. */
const stackNames = ['berth-13', 'container'] as const;

const isBelowApp = (path: string) =>
  !path.startsWith('/') &&
  !path.split('/').includes('..') &&
  path.split('/').some((part) => part !== '' && part !== '.');
const pathRule = 'is a path inside the app, without a slash at its start';
const path = z.string(pathRule).trim().refine(isBelowApp, pathRule);

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

const propagation = z
  .literal(
    'opentelemetry',
    'is opentelemetry (for Java), or left out; the config var BERTH_PROPAGATE=0 switches propagation off',
  )
  .meta({
    description: 'Java: OpenTelemetry’s agent carries the mark in place of Berth’s. It is heavy and tells every host.',
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
  propagation: propagation.optional(),
  processes: processes.optional(),
  release: line.optional().meta({ description: 'Runs once before each release; when it fails nothing changes.' }),
  agents: agents.optional(),
  cron: cron.optional(),
  healthcheck: healthcheck.optional(),
  needs: needs.optional(),
  environments: environments.optional(),
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
    'metrics',
    'ports',
    'preview',
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
