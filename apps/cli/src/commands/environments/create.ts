import { Args, Command, Flags } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import { parseData } from '../../parse-data.js';
import { parseService } from '../../parse-service.js';
import type { ProjectEnvironment } from '../../project-environment.js';
import { showWhenReady } from '../../show-when-ready.js';

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
      description: '<service>:<branch>, <service>@<commit>, <service>=<release>, or <service> as in the base',
    }),
    team: Flags.string({ char: 't', description: 'team, when you are in more than one' }),
    hours: Flags.integer({ min: 1, description: 'time to live' }),
    data: Flags.string({ options: ['share', 'empty', 'copy'], description: "what it gets of the base's add-ons" }),
    'add-on': Flags.string({ multiple: true, description: '<add-on>=<share, empty or copy>, for one' }),
    mask: Flags.string({ multiple: true, description: '<add-on>=<file of SQL> that masks a copy' }),
    'until-merged': Flags.boolean({ description: 'ends when its branches are merged, too' }),
    wait: Flags.boolean({ default: true, allowNo: true, description: 'wait until its apps answer' }),
  };

  async run(): Promise<ProjectEnvironment> {
    const { args, flags } = await this.parse(CreateEnvironment);
    const { base, team, hours, wait } = flags;
    const data = parseData({ data: flags.data, addOns: flags['add-on'] ?? [], masks: flags.mask ?? [] });
    const made = await askApi<ProjectEnvironment>('POST', '/environments', {
      ...{ name: args.name, base, services: flags.service.map(parseService) },
      ...(team === undefined ? {} : { team }),
      ...(hours === undefined ? {} : { ttl_hours: hours }),
      ...(data === undefined ? {} : { data }),
      ...(flags['until-merged'] ? { until_merged: true } : {}),
    });
    return showWhenReady(this, made, wait);
  }
}
