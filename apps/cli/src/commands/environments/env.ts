import { Args, Command } from '@oclif/core';
import { askApi } from '../../ask-api.js';

export default class EnvironmentEnv extends Command {
  static override description = 'print what a service of a project environment sees, to source for local work';
  static override examples = ['eval "$(berth environments:env red cart)"'];
  static override args = { name: Args.string({ required: true }), service: Args.string() };

  async run(): Promise<void> {
    const { args } = await this.parse(EnvironmentEnv);
    const query = args.service ? `?service=${encodeURIComponent(args.service)}` : '';
    this.log(await askApi<string>('GET', `/environments/${encodeURIComponent(args.name)}/env${query}`));
  }
}
