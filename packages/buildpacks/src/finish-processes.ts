import { didYouMean } from '@berth/domain/did-you-mean';
import { UserError } from '@berth/domain/errors';
import { type Agent, type ProcessType, releaseProcess } from '@berth/domain/process-type';
import { override } from '@berth/domain/run-settings';
import type { AppSettings } from './read-app-files.js';

/**
 * The process types of a plan with the first quantity and size that the app's files give them. Throws for agents beside a
 * process type that is not there, and for more than one of a singleton, in any environment; a scale for a type that is not
 * there is a warning.
 */
export function finishProcesses(
  processes: readonly ProcessType[],
  { firstScale, agents, environments }: Pick<AppSettings, 'firstScale' | 'agents' | 'environments'>,
): { processes: ProcessType[]; warnings: string[] } {
  const names = processes.map(({ name }) => name);
  const finished = processes.map((process) => ({ ...process, ...firstScale[process.name] }));
  check(finished, agents, '');
  for (const [environment, section] of Object.entries(environments)) {
    const place = `environments.${environment}`;
    const missing = Object.keys(section.processes ?? {}).find((name) => !names.includes(name));
    if (missing !== undefined)
      throw new UserError(
        'bad_request',
        `berth.yaml: ${place} changes the process "${missing}", which this app does not have.${didYouMean(missing, names) || ` It has: ${names.join(', ')}.`}`,
      );
    const there = override({ processTypes: finished, agents: [...agents], healthcheck: null, cron: [] }, section);
    check(there.processTypes, there.agents, ` (berth.yaml, ${place})`);
  }
  const unknown = Object.keys(firstScale).filter((name) => !names.includes(name));
  return {
    processes: finished,
    warnings: unknown.map(
      (name) => `There is a quantity or size for the process "${name}", which this app does not have.`,
    ),
  };
}

function check(processes: readonly ProcessType[], agents: readonly Agent[], place: string): void {
  const names = processes.map(({ name }) => name);
  for (const agent of agents) {
    const missing = agent.processes?.find((name) => !names.includes(name));
    if (missing !== undefined)
      throw new UserError(
        'bad_request',
        `The agent "${agent.name}" is for the process "${missing}", which this app does not have${place}. It has: ${names.join(', ')}.`,
      );
    if (agent.processes?.includes(releaseProcess))
      throw new UserError(
        'bad_request',
        `The agent "${agent.name}" cannot run beside the release command${place}: agents run beside what is scaled.`,
      );
  }
  const many = processes.find(({ singleton, quantity = 0 }) => singleton && quantity > 1);
  if (many) throw new UserError('bad_request', `${many.name} is a singleton: only one may run at a time${place}.`);
}
