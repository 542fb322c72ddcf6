import { Args, Command } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import { describeProbe } from '../../describe-probe.js';
import type { Probe } from '../../probe.js';

export default class EnvironmentDoctor extends Command {
  static override description = 'send a marked request through a project environment and show who hands the mark on';
  static override examples = ['berth environments:doctor red web /cart'];
  static override enableJsonFlag = true;
  static override args = {
    name: Args.string({ required: true }),
    service: Args.string({ required: true }),
    path: Args.string({ default: '/' }),
  };

  async run(): Promise<Probe> {
    const { args } = await this.parse(EnvironmentDoctor);
    const { service, path } = args;
    const probe = await askApi<Probe>('POST', `/environments/${encodeURIComponent(args.name)}/doctor`, {
      service,
      path,
    });
    for (const line of describeProbe(probe)) this.log(line);
    return probe;
  }
}
