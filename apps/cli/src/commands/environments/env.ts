import { Args, Command, Flags } from '@oclif/core';
import { askApi } from '../../ask-api.js';

export default class EnvironmentEnv extends Command {
  static override description = 'print what a service of an environment sees, to source for local work';
  static override examples = ['eval "$(berth environments:env red cart)"'];
  static override args = { name: Args.string({ required: true }), service: Args.string() };
  static override flags = {
    team: Flags.string({
      char: 't',
      description: 'whose stable environment it is, when several of your teams have one',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EnvironmentEnv);
    const query = new URLSearchParams({
      ...(args.service === undefined ? {} : { service: args.service }),
      ...(flags.team === undefined ? {} : { team: flags.team }),
    });
    this.log(await askApi<string>('GET', `/environments/${encodeURIComponent(args.name)}/env?${query}`));
  }
}
