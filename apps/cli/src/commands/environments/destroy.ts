import { Args, Command, Flags } from '@oclif/core';
import { askApi } from '../../ask-api.js';

export default class DestroyEnvironment extends Command {
  static override description = 'destroy a project environment with everything that it made';
  static override args = { name: Args.string({ required: true }) };
  static override flags = { confirm: Flags.string({ char: 'c', required: true, description: 'its name once more' }) };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DestroyEnvironment);
    if (flags.confirm !== args.name) this.error(`${flags.confirm} is not ${args.name}: nothing was destroyed.`);
    await askApi('DELETE', `/environments/${encodeURIComponent(args.name)}`);
    this.log(`${args.name} is being destroyed`);
  }
}
