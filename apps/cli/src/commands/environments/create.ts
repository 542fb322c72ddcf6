import { Args, Command, Flags } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import { describeEnvironment } from '../../describe-environment.js';
import { parseService } from '../../parse-service.js';
import type { ProjectEnvironment } from '../../project-environment.js';
import { waitUntilReady } from '../../wait-until-ready.js';

export default class CreateEnvironment extends Command {
  static override description = 'make a project environment of some services; all others are answered by its base';
  static override examples = ['berth environments:create red --base daily --service cart:red --service users:red'];
  static override enableJsonFlag = true;
  static override args = { name: Args.string({ required: true, description: 'unique in this Berth' }) };
  static override flags = {
    base: Flags.string({ required: true, description: 'stable environment that answers for the other services' }),
    service: Flags.string({
      char: 's',
      required: true,
      multiple: true,
      description: '<service>:<branch>, <service>@<commit>, or <service> alone for what runs in the base',
    }),
    team: Flags.string({ char: 't', description: 'team, when you are in more than one' }),
    hours: Flags.integer({ min: 1, description: 'time to live' }),
    wait: Flags.boolean({ default: true, allowNo: true, description: 'wait until its apps answer' }),
  };

  async run(): Promise<ProjectEnvironment> {
    const { args, flags } = await this.parse(CreateEnvironment);
    const { base, team, hours, wait } = flags;
    const made = await askApi<ProjectEnvironment>('POST', '/environments', {
      ...{ name: args.name, base, services: flags.service.map(parseService) },
      ...(team === undefined ? {} : { team }),
      ...(hours === undefined ? {} : { ttl_hours: hours }),
    });
    const environment = wait ? await waitUntilReady(made.name, (line) => this.log(line)) : made;
    for (const line of describeEnvironment(environment)) this.log(line);
    if (environment.status === 'failed') this.exit(1);
    return environment;
  }
}
