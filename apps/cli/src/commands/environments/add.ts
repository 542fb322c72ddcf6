import { Args, Command, Flags } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import { parseService } from '../../parse-service.js';
import type { ProjectEnvironment } from '../../project-environment.js';
import { showWhenReady } from '../../show-when-ready.js';

export default class AddService extends Command {
  static override description = 'give a project environment one more service of its own';
  static override examples = ['berth environments:add red orders:red'];
  static override enableJsonFlag = true;
  static override args = {
    name: Args.string({ required: true, description: 'of the environment' }),
    service: Args.string({
      required: true,
      description: '<service>:<branch>, <service>@<commit>, <service>=<release>, or <service> as in the base',
    }),
  };
  static override flags = {
    wait: Flags.boolean({ default: true, allowNo: true, description: 'wait until its apps answer' }),
  };

  async run(): Promise<ProjectEnvironment> {
    const { args, flags } = await this.parse(AddService);
    const path = `/environments/${encodeURIComponent(args.name)}/services`;
    const asked = await askApi<ProjectEnvironment>('POST', path, { ...parseService(args.service) });
    return showWhenReady(this, asked, flags.wait);
  }
}
