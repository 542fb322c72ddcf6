import { UserError } from '@berth/domain/errors';
import { alwaysSingleton, type ProcessType, processType } from '@berth/domain/process-type';
import { parse } from 'yaml';
import { z } from 'zod';

/** What a bin/release may print; config_vars and addons are of the past, and not read. */
const { name, command } = processType.shape;
const release = z.object({ default_process_types: z.record(name, command).nullish() }).nullable();

/**
 * The process types of an app with those added that its classic buildpacks name (their bin/release, in their order: a later
 * one wins) and the app itself does not. None at all is a UserError.
 */
export function addReleaseProcesses(processes: readonly ProcessType[], releases: readonly string[]): ProcessType[] {
  const defaults: Record<string, string> = {};
  for (const text of releases) Object.assign(defaults, readRelease(text));
  const known = new Set(processes.map(({ name }) => name));
  const added = Object.entries(defaults)
    .filter(([name]) => !known.has(name))
    .map(([name, command]) => ({ name, command, singleton: name === alwaysSingleton }));
  if (processes.length + added.length === 0)
    throw new UserError(
      'bad_request',
      'Nothing says how to start this app: there is no Procfile and its buildpacks name no process type.',
    );
  return [...processes, ...added];
}

function readRelease(text: string): Record<string, string> {
  try {
    return release.parse(parse(text))?.default_process_types ?? {};
  } catch (error) {
    throw new UserError(
      'build_failed',
      "A buildpack's bin/release did not print YAML with default_process_types, names of process types with their commands.",
      {
        cause: error,
      },
    );
  }
}
