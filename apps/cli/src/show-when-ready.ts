import type { Command } from '@oclif/core';
import { describeEnvironment } from './describe-environment.js';
import type { ProjectEnvironment } from './project-environment.js';
import { waitUntilReady } from './wait-until-ready.js';

/** Prints an environment that was asked for, when `isWaited` once it is ready or has failed. One that failed ends the command with 1. */
export async function showWhenReady(
  command: Command,
  asked: ProjectEnvironment,
  isWaited: boolean,
): Promise<ProjectEnvironment> {
  const environment = isWaited ? await waitUntilReady(asked.name, (line) => command.log(line)) : asked;
  for (const line of describeEnvironment(environment)) command.log(line);
  if (environment.status === 'failed') command.exit(1);
  return environment;
}
