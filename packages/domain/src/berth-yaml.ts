import type { z } from 'zod';
import { schemasAt } from './berth-json-schema.js';
import { toEnvironments } from './berth-yaml-environments.js';
import { imageKeys } from './berth-yaml-environments-schema.js';
import {
  type BerthYamlFile,
  berthYamlSchema,
  laterKeys,
  laterStacks,
  type RuntimeName,
  runtimeNames,
} from './berth-yaml-schema.js';
import { didYouMean } from './did-you-mean.js';
import { UserError } from './errors.js';
import { type Path, parseYamlFile, type YamlFile } from './parse-yaml-file.js';
import { type Agent, type CronJob, defaultHealthcheck, type Healthcheck, releaseProcess } from './process-type.js';
import type { RunOverride } from './run-settings.js';

/** What an app's file says of one process type. */
export interface ProcessSettings {
  /** Undefined: the Procfile's. */
  command?: string;
  singleton: boolean;
  /** At the first deploy. */
  size?: string;
  /** At the first deploy. */
  quantity?: number;
}

/** A build by the app's own Dockerfile. */
export interface DockerfileBuild {
  /** Below the app's directory. */
  path: string;
  /** null: the value of the config var of that name. */
  args: Record<string, string | null>;
  target?: string;
}

/** Owner and mode of one file, or with a slash at its end of a directory and everything in it. */
export interface FileRule {
  path: string;
  owner: 'app' | 'root';
  /** Permission bits; undefined: as they are. */
  mode?: number;
}

/** What berth.yaml says; everything in it may be left out. */
export interface BerthYaml {
  /** `node@22`: language and a version that wins over the one of package.json. */
  runtime?: { name: RuntimeName; version: string | undefined };
  stack?: 'berth-13';
  /** Directory of the app inside the repository, without slashes at its ends. */
  root?: string;
  /** Custom buildpacks (URLs, or folders `./x`) instead of ours. */
  buildpacks?: string[];
  /** Runs instead of the buildpack's own build script. */
  buildCommand?: string;
  dockerfile?: DockerfileBuild;
  /** Directories below the app that are kept between builds, without slashes at their ends. */
  caches: string[];
  files: FileRule[];
  /** What carries the environment's mark in place of ours. */
  propagation?: 'opentelemetry';
  /** Processes by type, `release` with them; a command wins over the Procfile's. */
  processes: Record<string, ProcessSettings>;
  /** In the order in which they start. */
  agents: Agent[];
  cron: CronJob[];
  healthcheck?: Healthcheck;
  /** Services that are started before this one where a project environment has both. */
  needs: string[];
  /** What differs, by environment: domain/run-settings. */
  environments: Record<string, RunOverride>;
}

/** Parses berth.yaml (or app.yaml). What is wrong in it is a UserError with the line, and a suggestion for a mistyped key. */
export function parseBerthYaml(text: string, fileName = 'berth.yaml'): BerthYaml {
  const file = parseYamlFile(text, fileName);
  for (const { path, line } of file.keys) checkKey(path, `${fileName} line ${line}`);
  const result = berthYamlSchema.safeParse(file.value ?? {});
  if (!result.success) throw toUserError(result.error.issues[0]!, file, fileName);
  const fail = (path: string[], what: string) =>
    new UserError('bad_request', `${fileName} line ${file.lineOf(path)}: ${what}`);
  return toBerthYaml(result.data, fail);
}

/** Throws for a key that we do not know, or do not know yet. */
function checkKey(path: Path, place: string): void {
  const key = String(path.at(-1));
  const parents = schemasAt(path.slice(0, -1)).filter(({ type }) => type === 'object');
  // A value of a wrong type there is told by the schema itself.
  if (parents.length === 0 || parents.some((one) => one.additionalProperties !== false)) return;
  const known = parents.flatMap(({ properties }) => Object.keys(properties ?? {}));
  if (known.includes(key)) return;
  const fullName = JSON.stringify(shown(path));
  if (path.length === 3 && path[0] === 'environments' && imageKeys.includes(key))
    throw new UserError(
      'bad_request',
      `${place}: ${fullName} cannot differ: the same image runs in every environment. Put ${key} at the top; here may be: ${known.join(', ')}.`,
    );
  const later = laterKeys[placeName(path.slice(0, -1))] ?? [];
  if (later.includes(key)) throw new UserError('unsupported', `${place}: ${fullName} is not supported yet.`);
  const hint = didYouMean(key, [...known, ...later]) || ` Known here: ${known.join(', ')}.`;
  throw new UserError('bad_request', `${place}: there is no key ${fullName}.${hint}`);
}

/** `['processes', 'web']` → `processes.*`, as {@link laterKeys} has it; in a section of `environments` as at the top. */
function placeName(path: Path): string {
  const own = path[0] === 'environments' && path.length > 1 ? path.slice(2) : path;
  return own.length < 2 ? own.join('.') : `${own[0]}.*`;
}

/** `cron.1.command`: entries of lists count from 1, as their names in the log do. */
const shown = (path: readonly PropertyKey[]) =>
  path.map((step) => (typeof step === 'number' ? step + 1 : String(step))).join('.');

type Issue = z.core.$ZodIssue;

function toUserError(found: Issue, file: YamlFile, fileName: string): UserError {
  const issue = deepest(found, []);
  const value = issue.path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown> | null)?.[step],
    file.value,
  );
  if (issue.path[0] === 'stack' && laterStacks.includes(String(value)))
    return new UserError(
      'unsupported',
      `${fileName} line ${file.lineOf(issue.path)}: the stack ${value} is not supported yet.`,
    );
  const message = value === undefined ? 'is missing' : issue.message;
  const hint = typeof value === 'string' ? suggestValue(issue, value) : '';
  const place = `${fileName} line ${file.lineOf(issue.path)}`;
  return new UserError('bad_request', `${place}: ${shown(issue.path)} ${message}.${hint}`);
}

/** Of a union the alternative that went deepest says what is wrong; when none went in, the union itself does. */
function deepest(issue: Issue, above: readonly PropertyKey[]): { path: PropertyKey[]; message: string; issue: Issue } {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.map(([first]) => first).find((first) => first && first.path.length > 0);
    if (inner) return deepest(inner, path);
    const ofType = issue.errors
      .map(([first]) => first)
      .find((first) => first && first.code !== 'invalid_type' && first.code !== 'invalid_value');
    if (ofType) return deepest(ofType, path);
  }
  if (issue.code === 'invalid_key' && issue.issues[0]) return { path, message: issue.issues[0].message, issue };
  return { path, message: issue.message, issue };
}

function suggestValue({ path, issue }: { path: PropertyKey[]; issue: Issue }, value: string): string {
  if (path[0] === 'runtime') return didYouMean(value.split('@')[0]!, runtimeNames);
  return issue.code === 'invalid_value' ? didYouMean(value, issue.values.map(String)) : '';
}

/** The error at a place of the file. */
export type Fail = (path: string[], what: string) => UserError;

function toBerthYaml(data: BerthYamlFile, fail: Fail): BerthYaml {
  const { runtime, root, stack, buildpacks, build, healthcheck } = data;
  const command = typeof build === 'object' ? build.command : undefined;
  const dockerfile = toDockerfile(data, fail);
  return {
    caches: (data.caches ?? []).map(trimSlashes),
    files: Object.entries(data.files ?? {}).map(([path, { owner = 'app', mode }]) => ({
      ...{ path, owner },
      ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
    })),
    processes: toProcesses(data, fail),
    agents: Object.entries(data.agents ?? {}).map(([name, agent]) =>
      typeof agent === 'string'
        ? { name, command: agent }
        : { name, command: agent.command, ...(agent.processes ? { processes: agent.processes } : {}) },
    ),
    cron: (data.cron ?? []).map(({ schedule, command, size }) => ({ schedule, command, ...(size ? { size } : {}) })),
    needs: data.needs ?? [],
    environments: toEnvironments(data, fail),
    ...(runtime ? { runtime: splitRuntime(runtime) } : {}),
    ...(stack && stack !== 'container' ? { stack } : {}),
    ...(root ? { root } : {}),
    ...(buildpacks ? { buildpacks } : {}),
    ...(command ? { buildCommand: command } : {}),
    ...(dockerfile ? { dockerfile } : {}),
    ...(data.propagation ? { propagation: data.propagation } : {}),
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

function splitRuntime(text: string): { name: RuntimeName; version: string | undefined } {
  const [name, ...version] = text.split('@');
  return { name: name as RuntimeName, version: version.join('@').trim() || undefined };
}

function toProcesses({ processes = {}, release }: BerthYamlFile, fail: Fail): BerthYaml['processes'] {
  if (release !== undefined && releaseProcess in processes)
    throw fail(['release'], 'the release command is there twice: as release and as processes.release.');
  const all = Object.entries(processes).map(([name, about]) => {
    const { command, singleton = false, size, quantity } = typeof about === 'string' ? { command: about } : about;
    return [
      name,
      {
        singleton,
        ...(command === undefined ? {} : { command }),
        ...(size === undefined ? {} : { size }),
        ...(quantity === undefined ? {} : { quantity }),
      },
    ] as const;
  });
  return Object.fromEntries([...all, ...(release ? [[releaseProcess, { singleton: false, command: release }]] : [])]);
}

function toDockerfile({ build, stack, buildpacks }: BerthYamlFile, fail: Fail): DockerfileBuild | undefined {
  const { dockerfile, args, target, command } =
    build === 'dockerfile' ? { ...nothing, dockerfile: 'Dockerfile' } : { ...nothing, ...build };
  const isWanted = dockerfile !== undefined || stack === 'container';
  if (!isWanted && (args ?? target) !== undefined)
    throw fail(['build'], 'build.args and build.target belong to build.dockerfile, which is not there.');
  if (!isWanted) return undefined;
  if (command)
    throw fail(['build', 'command'], 'build.command has no place in a build by Dockerfile; put it there as RUN.');
  if (buildpacks) throw fail(['buildpacks'], 'buildpacks and a build by Dockerfile exclude each other.');
  return { path: dockerfile ?? 'Dockerfile', args: toArgs(args), ...(target ? { target } : {}) };
}

const nothing = { dockerfile: undefined, args: undefined, target: undefined, command: undefined };

function toArgs(args: Extract<BerthYamlFile['build'], object>['args']): Record<string, string | null> {
  const pairs = Array.isArray(args)
    ? args.map((text): [string, string | null] => {
        const at = text.indexOf('=');
        return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
      })
    : Object.entries(args ?? {}).map(([name, value]): [string, string | null] => [
        name,
        value === null ? null : String(value),
      ]);
  return Object.fromEntries(pairs);
}

const trimSlashes = (path: string) => path.replace(/^(\.\/)+|\/+$/g, '');
