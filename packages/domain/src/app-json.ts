import { z } from 'zod';
import { isSchedule } from './cron-schedule.js';
import { UserError } from './errors.js';
import type { CronJob } from './process-type.js';
import { sizes } from './sizes.js';

/** A config var that app.json wants. */
export interface WantedConfigVar {
  key: string;
  description?: string;
  /** Set at the first deploy when nobody has set it. */
  value?: string;
  /** Set at the first deploy to a random text when nobody has set it. */
  isGenerated: boolean;
  /** Without it nothing is built. */
  isRequired: boolean;
}

/** What app.json says, as far as Berth does it. */
export interface AppJson {
  formation: Record<string, { quantity?: number; size?: string }>;
  env: WantedConfigVar[];
  /** URLs and folders of custom buildpacks. */
  buildpacks: string[];
  isContainer: boolean;
  cron: CronJob[];
  /** Runs once, after the first deploy. */
  postdeploy?: string;
  /** What is in it that Berth does not do, a sentence each. */
  warnings: string[];
}

const plain = z.union([z.string(), z.number(), z.boolean()], 'is a text').transform(String);
const command = z.string('is a command: a text').trim().min(1, 'is empty');
const map = <T extends z.ZodType>(value: T) => z.record(z.string(), value, 'is an object');

const env = z.union(
  [
    plain.transform((value) => ({ value, description: undefined, required: undefined, generator: undefined })),
    z.object({
      value: plain.optional(),
      description: z.string('is a text').optional(),
      required: z.boolean('is true or false').optional(),
      generator: z.literal('secret', 'is "secret"').optional(),
    }),
  ],
  'is a text, or an object with description, value, required and generator',
);

/** Source: Heroku's app.json schema (devcenter, "app.json Schema"); `cron` as Dokku has it. */
const schema = z.looseObject(
  {
    formation: map(
      z.looseObject(
        {
          quantity: z.int('is a whole number').min(0, 'is a whole number').max(100, 'is more than 100').optional(),
          size: z.string('is a text').optional(),
        },
        'is an object with quantity and size',
      ),
    ).optional(),
    env: map(env).optional(),
    buildpacks: z
      .array(z.looseObject({ url: z.string('is a text') }, 'is an object with url'), 'is a list of objects with url')
      .optional(),
    stack: z.string('is a text').optional(),
    cron: z
      .array(
        z.looseObject(
          { command, schedule: z.string('is a schedule').refine(isSchedule, 'is a schedule of five fields, UTC') },
          'is an object with command and schedule',
        ),
        'is a list of objects with command and schedule',
      )
      .optional(),
    scripts: z.looseObject({ postdeploy: command.optional() }, 'is an object').optional(),
  },
  'is not an object',
);
type File = z.infer<typeof schema>;

/** Keys that only tell people something. */
const aboutKeys = ['$schema', 'name', 'description', 'keywords', 'website', 'repository', 'logo', 'success_url'];

const keyRule = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Parses Heroku's app.json. A syntax error or a wrong type is a UserError; what Berth does not do is a warning. */
export function parseAppJson(text: string): AppJson {
  const result = schema.safeParse(parseJson(text));
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new UserError('bad_request', `app.json: ${path.join('.') || 'it'} ${message}.`);
  }
  const file = result.data;
  const wrongKey = Object.keys(file.env ?? {}).find((key) => !keyRule.test(key));
  if (wrongKey !== undefined)
    throw new UserError('bad_request', `app.json: env: ${JSON.stringify(wrongKey)} is not the name of a config var.`);
  const { formation, warnings } = readFormation(file);
  const { buildpacks = [], scripts = {}, stack } = file;
  return {
    formation,
    env: Object.entries(file.env ?? {}).map(([key, about]) => ({
      key,
      ...(about.description ? { description: about.description } : {}),
      ...(about.value === undefined ? {} : { value: about.value }),
      isGenerated: about.value === undefined && about.generator === 'secret',
      // As at Heroku a variable is required unless it says otherwise.
      isRequired: about.value === undefined && about.generator === undefined && about.required !== false,
    })),
    buildpacks: buildpacks.map(({ url }) => url).filter(isOwnBuildpack),
    isContainer: stack === 'container',
    cron: (file.cron ?? []).map(({ schedule, command: line }) => ({ schedule, command: line })),
    ...(scripts.postdeploy ? { postdeploy: scripts.postdeploy } : {}),
    warnings: [...warnings, ...unsupported(file)],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UserError('bad_request', `app.json is not JSON: ${(error as Error).message.replace(/\.$/, '')}.`);
  }
}

function readFormation({ formation = {} }: File): Pick<AppJson, 'formation' | 'warnings'> {
  const warnings: string[] = [];
  const read = Object.entries(formation).map(([name, { quantity, size: wished }]) => {
    const size = sizes.find((one) => one.name === wished?.toLowerCase())?.name;
    if (wished !== undefined && size === undefined)
      warnings.push(`app.json: Berth has no size ${wished} (formation.${name}); the default is used.`);
    return [name, { ...(quantity === undefined ? {} : { quantity }), ...(size ? { size } : {}) }] as const;
  });
  return { formation: Object.fromEntries(read), warnings };
}

/** Heroku's own buildpacks are named `heroku/nodejs`; what they do is done by Berth's. */
const isOwnBuildpack = (url: string) => /^https?:\/\//.test(url) || url.startsWith('./');

function unsupported(file: File): string[] {
  const ignored = (name: string) => `app.json: ${JSON.stringify(name)} is not supported and is ignored.`;
  const known = [...aboutKeys, ...Object.keys(schema.shape)];
  const keys = Object.keys(file).filter((key) => !known.includes(key));
  const scripts = Object.keys(file.scripts ?? {}).filter((key) => key !== 'postdeploy');
  const { stack, buildpacks = [] } = file;
  const theirs = buildpacks.map(({ url }) => url).filter((url) => !isOwnBuildpack(url));
  return [
    ...[...keys, ...scripts.map((key) => `scripts.${key}`)].map(ignored),
    ...(stack && stack !== 'container' ? [`app.json: the stack ${stack} is berth-13 here.`] : []),
    ...theirs.map((url) => `app.json: the buildpack ${url} is not run; Berth's own one does its work when it matches.`),
  ];
}
