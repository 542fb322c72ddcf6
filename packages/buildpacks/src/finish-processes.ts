import { UserError } from '@berth/domain/errors';
import { type ProcessType, releaseProcess } from '@berth/domain/process-type';
import type { AppSettings } from './read-app-files.js';

/**
 * The process types of a plan with the first quantity and size that the app's files give them. Throws for agents beside a
 * process type that is not there, and for more than one of a singleton; a scale for a type that is not there is a warning.
 */
export function finishProcesses(
  processes: readonly ProcessType[],
  { firstScale, agents }: Pick<AppSettings, 'firstScale' | 'agents'>,
): { processes: ProcessType[]; warnings: string[] } {
  const names = processes.map(({ name }) => name);
  const list = names.join(', ');
  for (const agent of agents) {
    const missing = agent.processes?.find((name) => !names.includes(name));
    if (missing !== undefined)
      throw new UserError(
        'bad_request',
        `The agent "${agent.name}" is for the process "${missing}", which this app does not have. It has: ${list}.`,
      );
    if (agent.processes?.includes(releaseProcess))
      throw new UserError(
        'bad_request',
        `The agent "${agent.name}" cannot run beside the release command: agents run beside what is scaled.`,
      );
  }
  const many = processes.find(({ name, singleton }) => singleton && (firstScale[name]?.quantity ?? 0) > 1);
  if (many) throw new UserError('bad_request', `${many.name} is a singleton: only one may run at a time.`);
  const unknown = Object.keys(firstScale).filter((name) => !names.includes(name));
  return {
    processes: processes.map((process) => ({ ...process, ...firstScale[process.name] })),
    warnings: unknown.map(
      (name) => `There is a quantity or size for the process "${name}", which this app does not have.`,
    ),
  };
}
