import { Args, Command } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import { describeEnvironment } from '../../describe-environment.js';
import type { ProjectEnvironment } from '../../project-environment.js';

export default class DropService extends Command {
  static override description = 'end a service of a project environment: its base answers for it again';
  static override examples = ['berth environments:drop red orders'];
  static override enableJsonFlag = true;
  static override args = {
    name: Args.string({ required: true, description: 'of the environment' }),
    service: Args.string({ required: true }),
  };

  async run(): Promise<ProjectEnvironment> {
    const { args } = await this.parse(DropService);
    const path = `/environments/${encodeURIComponent(args.name)}/services/${encodeURIComponent(args.service)}`;
    const environment = await askApi<ProjectEnvironment>('DELETE', path);
    for (const line of describeEnvironment(environment)) this.log(line);
    return environment;
  }
}
