import { closest, distance } from 'fastest-levenshtein';
import { isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { UserError } from './errors.js';
import { defaultHealthcheck, type Healthcheck } from './process-type.js';

/** What berth.yaml says; everything in it may be left out. */
export interface BerthYaml {
  /** `node@22`: language and a version that wins over the one of package.json. */
  runtime?: { name: string; version: string | undefined };
  /** Runs instead of the buildpack's own build script. */
  buildCommand?: string;
  /** Processes by type; a command wins over the Procfile's. */
  processes: Record<string, { command?: string; singleton: boolean }>;
  healthcheck?: Healthcheck;
  /** Directory of the app inside the repository, without slashes at its ends. */
  root?: string;
}

const processName = /^[a-z][a-z0-9_-]{0,29}$/i;
const command = z.string('is a command: a text').trim().min(1, 'is empty');

const schema = z.object({
  runtime: z
    .string('is a language with a version, for example node@24')
    .regex(/^[a-z]+(@.+)?$/, 'is a language with a version, for example node@24')
    .transform((text) => {
      const at = text.indexOf('@');
      return at < 0 ? { name: text, version: undefined } : { name: text.slice(0, at), version: text.slice(at + 1) };
    })
    .optional(),
  build: z.object({ command: command.optional() }, 'is a map, for example { command: npm run build }').optional(),
  processes: z
    .record(
      z.string().regex(processName, 'is not a process type'),
      z.union(
        [
          command.transform((text) => ({ command: text, singleton: false })),
          z.object({ command: command.optional(), singleton: z.boolean().default(false) }),
        ],
        'is a command, or a map with command and singleton (true or false)',
      ),
    )
    .optional(),
  healthcheck: z
    .object(
      {
        path: z.string('starts with /').startsWith('/', 'starts with /').optional(),
        timeout: z
          .number('is a number of seconds from 1 to 600')
          .min(1, 'is a number of seconds from 1 to 600')
          .max(600, 'is a number of seconds from 1 to 600')
          .optional(),
        strict: z.boolean('is true (only 2xx is healthy) or false').optional(),
      },
      'is a map with path, timeout (seconds) and strict',
    )
    .optional(),
  root: z
    .string('is a directory of the repository')
    .transform((path) => path.replace(/^(\.?\/)+|\/+$/g, ''))
    .refine((path) => !path.split('/').includes('..'), 'must not lead outside of the repository')
    .optional(),
});

/** The known keys by place; `*` is any process type. */
const knownKeys: Record<string, readonly string[]> = {
  '': Object.keys(schema.shape),
  build: ['command'],
  'processes.*': ['command', 'singleton'],
  healthcheck: ['path', 'timeout', 'strict'],
};

/** Names that a later Berth will have, by place. */
const laterKeys: Record<string, readonly string[]> = {
  '': [
    'addons',
    'agents',
    'canary',
    'cron',
    'debug',
    'domains',
    'drains',
    'environments',
    'files',
    'metrics',
    'ports',
    'preview',
    'release',
    'resources',
    'rollout',
    'routes',
    'services',
    'sidecars',
    'sleep',
    'stack',
    'volumes',
  ],
  build: ['args', 'cache', 'dockerfile', 'memory', 'target'],
  'processes.*': ['agents', 'healthcheck', 'port', 'quantity', 'resources', 'schedule', 'size'],
  healthcheck: ['interval', 'command'],
};

const bytesMax = 64 * 1024;

/** Parses berth.yaml. What is wrong in it is a UserError with the line, and a suggestion for a mistyped key. */
export function parseBerthYaml(text: string): BerthYaml {
  if (Buffer.byteLength(text) > bytesMax) throw new UserError('bad_request', 'berth.yaml is larger than 64 KiB.');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number | undefined) => lines.linePos(offset ?? 0).line;
  const syntaxError = document.errors[0];
  if (syntaxError)
    throw new UserError('bad_request', `berth.yaml line ${lineAt(syntaxError.pos[0])}: ${syntaxError.message}`);
  if (document.contents === null) return { processes: {} };
  if (!isMap(document.contents)) throw new UserError('bad_request', 'berth.yaml line 1: it must be a map of keys.');
  checkKeys(document.contents as YAMLMap, [], lineAt);
  const result = schema.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (result.success) return toBerthYaml(result.data);
  const { path, message } = result.error.issues[0]!;
  const node = document.getIn(path as (string | number)[], true) as { range?: [number, number, number] } | undefined;
  throw new UserError('bad_request', `berth.yaml line ${lineAt(node?.range?.[0])}: ${path.join('.')} ${message}.`);
}

function toBerthYaml(data: z.infer<typeof schema>): BerthYaml {
  const { runtime, build, processes = {}, healthcheck, root } = data;
  return {
    processes: Object.fromEntries(
      Object.entries(processes).map(([name, { command: line, singleton }]) => [
        name,
        line === undefined ? { singleton } : { command: line, singleton },
      ]),
    ),
    ...(runtime ? { runtime } : {}),
    ...(build?.command ? { buildCommand: build.command } : {}),
    ...(root ? { root } : {}),
    ...(healthcheck
      ? {
          healthcheck: {
            path: healthcheck.path ?? defaultHealthcheck.path,
            timeoutMs: healthcheck.timeout === undefined ? defaultHealthcheck.timeoutMs : healthcheck.timeout * 1000,
            strict: healthcheck.strict ?? defaultHealthcheck.strict,
          },
        }
      : {}),
  };
}

/** Throws at the first key that we do not know, or do not know yet. */
function checkKeys(map: YAMLMap, path: readonly string[], lineAt: (offset: number | undefined) => number): void {
  const place = path[0] === 'processes' && path.length === 2 ? 'processes.*' : path.join('.');
  for (const pair of map.items as Pair[]) {
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const offset = (pair.key as { range?: [number, number, number] }).range?.[0];
    if (place !== 'processes') checkKey(key, place, [...path, key].join('.'), lineAt(offset));
    if (place === '' && key === 'build' && isScalar(pair.value) && pair.value.value === 'dockerfile')
      throw new UserError(
        'unsupported',
        `berth.yaml line ${lineAt(offset)}: builds by Dockerfile are not supported yet.`,
      );
    if (isMap(pair.value)) checkKeys(pair.value as YAMLMap, [...path, key], lineAt);
  }
}

function checkKey(key: string, place: string, fullName: string, line: number): void {
  const known = knownKeys[place] ?? [];
  if (known.includes(key)) return;
  const later = laterKeys[place] ?? [];
  if (later.includes(key))
    throw new UserError('unsupported', `berth.yaml line ${line}: ${JSON.stringify(fullName)} is not supported yet.`);
  const nearest = known.length > 0 ? closest(key, [...known, ...later]) : undefined;
  const isNear = nearest !== undefined && distance(key, nearest) <= Math.max(2, key.length / 3);
  throw new UserError(
    'bad_request',
    `berth.yaml line ${line}: there is no key ${JSON.stringify(fullName)}. ${
      isNear ? `Did you mean ${JSON.stringify(nearest)}?` : `Known here: ${known.join(', ')}.`
    }`,
  );
}
