import { Args, Command, Flags } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import type { ProjectEnvironment } from '../../project-environment.js';

export default class ExtendEnvironment extends Command {
  static override description = 'let a project environment live longer';
  static override enableJsonFlag = true;
  static override args = { name: Args.string({ required: true }) };
  static override flags = { hours: Flags.integer({ min: 1, default: 24, description: 'how much longer' }) };

  async run(): Promise<ProjectEnvironment> {
    const { args, flags } = await this.parse(ExtendEnvironment);
    const path = `/environments/${encodeURIComponent(args.name)}/extend`;
    const environment = await askApi<ProjectEnvironment>('POST', path, { hours: flags.hours });
    this.log(`${environment.name} lives until ${environment.expires_at}`);
    return environment;
  }
}
