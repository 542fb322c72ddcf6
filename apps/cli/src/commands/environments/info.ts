import { Args, Command } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import { type Details, describeDetails, type Footprint, type ProjectData, type Sleep } from '../../describe-details.js';
import { describeEnvironment } from '../../describe-environment.js';
import type { ProjectEnvironment } from '../../project-environment.js';

export default class EnvironmentInfo extends Command {
  static override description =
    'show a project environment: its services, what its base answers, whose it is, how it sleeps, what it takes and its data';
  static override enableJsonFlag = true;
  static override args = { name: Args.string({ required: true }) };

  async run(): Promise<ProjectEnvironment & Details> {
    const { args } = await this.parse(EnvironmentInfo);
    const path = `/environments/${encodeURIComponent(args.name)}`;
    const [environment, footprint, data] = await Promise.all([
      askApi<ProjectEnvironment>('GET', path),
      askApi<Footprint>('GET', `${path}/footprint`),
      askApi<ProjectData[]>('GET', `${path}/data`),
    ]);
    const details = { footprint, data, sleep: await readSleep(environment) };
    for (const line of [...describeEnvironment(environment), ...describeDetails(environment, details)]) this.log(line);
    return { ...environment, ...details };
  }
}

async function readSleep({ services }: ProjectEnvironment): Promise<Record<string, Sleep>> {
  const read = async ({ service, app }: ProjectEnvironment['services'][number]) => {
    const sleep = await askApi<Sleep>('GET', `/apps/${encodeURIComponent(app.name)}/sleep`);
    return [service, sleep] as const;
  };
  return Object.fromEntries(await Promise.all(services.map(read)));
}
