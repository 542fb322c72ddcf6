import { Args, Command } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import { describeEnvironment } from '../../describe-environment.js';
import type { ProjectEnvironment } from '../../project-environment.js';

export default class EnvironmentInfo extends Command {
  static override description = 'show a project environment: its services, their URLs, and what its base answers';
  static override enableJsonFlag = true;
  static override args = { name: Args.string({ required: true }) };

  async run(): Promise<ProjectEnvironment> {
    const { args } = await this.parse(EnvironmentInfo);
    const environment = await askApi<ProjectEnvironment>('GET', `/environments/${encodeURIComponent(args.name)}`);
    for (const line of describeEnvironment(environment)) this.log(line);
    return environment;
  }
}
